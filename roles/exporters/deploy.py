"""Exporters: metrics of the machine and of every service on it that has some."""

from realmfleet import live
from realmfleet.operations.tree import tree
from realmfleet.operations.units import units
from roles.exporters import files


def exporters() -> None:
    """Write the exporters' units and run them."""
    droplet = live.droplet()
    secrets = live.secrets(*(s for s in ("pgbouncer", "redis") if droplet.carries(s)))
    tree(
        name="Write the exporters' units",
        files=files.files(live.fleet(), droplet, secrets),
        redact=list(secrets.values()),
    )
    units(name="Run the exporters", wanted=files.units(droplet))
