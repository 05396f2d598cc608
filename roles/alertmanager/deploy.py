"""Alertmanager: tells people of alerts, and a heartbeat tells of its own and Prometheus' death."""

from realmfleet import live
from realmfleet.operations.tree import tree
from realmfleet.operations.units import units
from roles.alertmanager import files


def alertmanager() -> None:
    """Write routes, webhook and heartbeat, and run what they say."""
    secrets = live.secrets("alertmanager")
    tree(
        name="Write Alertmanager's configuration",
        files=files.files(live.fleet(), live.droplet(), secrets),
        absent=files.absent(secrets),
        check=files.CHECK,
        redact=list(secrets.values()),
    )
    units(name="Run Alertmanager", wanted=files.UNITS)
