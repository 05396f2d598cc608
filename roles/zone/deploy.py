"""Zones: one hardened unit an instance, replaced one by one by a release that is ready."""

from realmfleet import live
from realmfleet.operations.release import program, release
from realmfleet.operations.tree import tree
from roles.zone import files
from roles.zone.probe import PROBE


def zone() -> None:
    """Write the zones' configuration and roll out their release."""
    fleet, droplet, secrets = live.fleet(), live.droplet(), live.secrets("zone")
    hidden = list(secrets.values())
    tree(
        name="Write the zones' configuration",
        files=files.files(fleet, droplet, secrets),
        directories=files.folders(droplet),
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
    if probe := live.data("zone_probe"):
        source = f"{droplet.name}: zone_probe"
        program(
            name="Install the player that verifies",
            source=source,
            artifact=probe,
            service=PROBE,
            engine=files.ENGINE,
        )
