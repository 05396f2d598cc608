"""Firewall: what the declared flows allow, nothing else; bad rules undo themselves."""

from realmfleet import live
from realmfleet.operations.firewall import firewall as apply_rules
from realmfleet.operations.tree import tree
from roles.firewall import files


def firewall() -> None:
    """Load the droplet's rules on trial, and keep them once SSH has answered through them."""
    fleet, droplet = live.fleet(), live.droplet()
    tree(name="Write the firewall's unit", files=files.files(droplet), check=files.CHECK)
    apply_rules(
        name="Load the firewall's rules",
        rules=files.rules(fleet, droplet),
        unit=files.UNIT,
        rollback=files.ROLLBACK,
    )
