"""PostgreSQL 17 with TimescaleDB: tuned to the droplet, with the declared roles and databases."""

from functools import partial

from realmfleet import live
from realmfleet.operations.postgres import cluster, converge, migrate, settle
from realmfleet.operations.tree import tree
from realmfleet.operations.units import units
from realmfleet.secrets.scram import verifier
from roles.postgres import files, migrations
from roles.postgres.access import access, owned
from roles.postgres.converge import script
from roles.postgres.state import QUERY


def postgres() -> None:
    """Make the cluster, tune it, run it, and give everybody exactly what they may do."""
    fleet, droplet = live.fleet(), live.droplet()
    asked, secrets = access(fleet, droplet), live.secrets("postgres")
    cluster(name="Make PostgreSQL's cluster")
    tree(
        name="Write PostgreSQL's configuration",
        files=files.files(fleet, droplet),
        check=files.CHECK,
        prove=files.PROVE,
    )
    units(name="Run PostgreSQL", wanted=files.units(droplet))
    settle(name="Restart PostgreSQL where it must", conf=files.SETTINGS, unit=files.UNIT_NAME)
    verifiers = {
        role.name: verifier(secrets[role.secret], role.name) for role in asked.roles if role.secret
    }
    converge(
        name="Set PostgreSQL's roles, databases and grants",
        query=QUERY,
        databases=[database.name for database in asked.databases],
        script=partial(script, asked, verifiers),
    )
    wanted = {name: migrations.read(path) for name, path in migrations.folders(droplet).items()}
    migrate(
        name="Migrate the databases",
        databases=[*wanted],
        script=partial(migrations.script, owned(asked), wanted),
    )
