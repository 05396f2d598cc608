"""Zones: one hardened unit an instance, replaced one by one by a release that is ready."""

from realmfleet import live
from realmfleet.operations.release import release
from realmfleet.operations.tree import tree
from roles.zone import files


def zone() -> None:
    """Write the zones' configuration and roll out their release."""
    fleet, droplet, secrets = live.fleet(), live.droplet(), live.secrets("zone")
    hidden = list(secrets.values())
    tree(
        name="Write the zones' configuration",
        files=files.files(fleet, droplet, secrets),
        directories=files.folders(),
        redact=hidden,
    )
    release(
        name="Roll out the zones",
        source=f"{droplet.name}: zone_artifact",
        artifact=live.data("zone_artifact"),
        rollout=files.rollout(fleet, droplet),
        engine=files.ENGINE,
        redact=hidden,
    )
