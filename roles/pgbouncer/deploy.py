"""PgBouncer: a transaction pool in front of PostgreSQL, on the database's own droplet."""

from realmfleet import live
from realmfleet.operations.tree import tree
from realmfleet.operations.units import units
from roles.pgbouncer import files


def pgbouncer() -> None:
    """Write the pool's configuration and run what it says."""
    secrets = live.secrets("postgres", "pgbouncer")
    tree(
        name="Write PgBouncer's configuration",
        files=files.files(live.fleet(), live.droplet(), secrets),
        check=files.check(),
        redact=list(secrets.values()),
    )
    units(name="Run PgBouncer", wanted=[files.UNIT])
