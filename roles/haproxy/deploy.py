"""HAProxy: the TLS edge in front of the API."""

from realmfleet import live
from realmfleet.operations.tree import tree
from realmfleet.operations.units import units
from roles.haproxy import files


def haproxy() -> None:
    """Write the edge's configuration and run what it says."""
    secrets = live.secrets("haproxy")
    tree(
        name="Write HAProxy's configuration",
        files=files.files(live.fleet(), live.droplet(), secrets),
        directories=files.directories(),
        check=files.check(),
        redact=list(secrets.values()),
    )
    units(name="Run HAProxy", wanted=[files.UNIT])
