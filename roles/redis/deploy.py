"""Redis: two tuned instances, sessions and leaderboards, with users of their own."""

from realmfleet import live
from realmfleet.operations.tree import tree
from realmfleet.operations.units import units
from roles.redis import files


def redis() -> None:
    """Write the configuration of both instances and run what it says."""
    secrets = live.secrets("redis")
    tree(
        name="Write Redis's configuration",
        files=files.files(live.fleet(), live.droplet(), secrets),
        directories=files.directories(),
        check=files.check(),
        redact=list(secrets.values()),
    )
    units(name="Run Redis", wanted=files.units())
