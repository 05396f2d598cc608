"""A cluster that is as asked, and what converging does once one entry of it has drifted."""

from copy import deepcopy

import pytest

from roles.postgres.access import ANALYTICS, APPLICATION, MONITOR, READS, WRITES
from roles.postgres.converge import CLUSTER_EXTENSION, QUIET, script
from roles.postgres.model import Access, Database, Grant, Role
from roles.postgres.state import digest

OWNER = Role("world_owner", "owns world", login=False)
WORLD = Database(
    name="world",
    owner="world_owner",
    schemas=("world",),
    connect=("application", "analytics", "prometheus"),
    grants=(
        Grant("application", "world", WRITES, ("USAGE", "SELECT")),
        Grant("analytics", "world", READS, ("SELECT",)),
    ),
    settings={"search_path": "world, public"},
)
ASKED = Access((APPLICATION, ANALYTICS, MONITOR, OWNER), (WORLD,))
VERIFIERS = {"application": "SCRAM-SHA-256$4096:app's", "analytics": "SCRAM-SHA-256$4096:ana"}

TABLES = {"application": sorted(WRITES), "analytics": ["SELECT"], "world_owner": ["INSERT"]}
SEQUENCES = {"application": ["SELECT", "USAGE"], "analytics": ["SELECT"]}


def role(one, **more):
    """A role as the query shows it once it is as asked."""
    return {
        "login": one.login,
        "replication": False,
        "limit": one.connection_limit,
        "powers": False,
        "verifier": digest(VERIFIERS.get(one.name, "")),
        "member_of": sorted(one.member_of),
        "settings": sorted(f"{name}={value}" for name, value in one.settings.items()),
        **more,
    }


@pytest.fixture
def as_asked():
    return converged()


def converged():
    """The query's answers where nothing is missing, and where others live beside us."""
    stranger = {**role(OWNER), "login": True, "powers": True, "member_of": ["world_owner"]}
    roles = {one.name: role(one) for one in ASKED.roles}
    owned = {"owner": "postgres", "acl": {"public": ["CONNECT", "TEMPORARY"]}, "settings": []}
    connect = {name: ["CONNECT"] for name in WORLD.connect} | {"world_owner": ["CONNECT"]}
    world = {"owner": "world_owner", "acl": connect, "settings": ["search_path=world, public"]}
    usage = {"application": ["USAGE"], "analytics": ["USAGE"], "world_owner": ["CREATE", "USAGE"]}
    cluster = {
        "roles": {**roles, "postgres": {**stranger}, "auditor": stranger},
        "databases": {"postgres": owned, "world": world, "elsewhere": owned},
        "extensions": ["plpgsql", CLUSTER_EXTENSION],
        "schemas": {},
        "relations": [],
        "defaults": [],
    }
    inside = {
        **deepcopy(cluster),
        "extensions": ["plpgsql", "timescaledb"],
        "schemas": {
            "public": {"owner": "pg_database_owner", "acl": {"public": ["USAGE"]}},
            "world": {"owner": "world_owner", "acl": usage},
            "theirs": {"owner": "auditor", "acl": {"public": ["CREATE"]}},
        },
        "relations": [
            relation("positions", "TABLE", TABLES | {"auditor": ["SELECT"]}),
            relation("positions_id_seq", "SEQUENCE", SEQUENCES),
            {**relation("secrets", "TABLE", {"public": ["SELECT"]}), "schema": "theirs"},
        ],
        "defaults": [
            {"owner": "world_owner", "schema": "world", "type": "TABLE", "acl": dict(TABLES)},
            {"owner": "world_owner", "schema": "world", "type": "SEQUENCE", "acl": dict(SEQUENCES)},
            {"owner": "auditor", "schema": "world", "type": "TABLE", "acl": {"public": ["SELECT"]}},
        ],
    }
    return {"postgres": cluster, "world": inside}


def relation(name, kind, acl):
    return {"schema": "world", "name": name, "type": kind, "acl": dict(acl)}


@pytest.fixture
def statements():
    return told


def told(state):
    """What the script does, by database, less what keeps it out of the logs."""
    found, database = {}, ""
    for line in script(ASKED, VERIFIERS, state).splitlines():
        if line.startswith("\\connect "):
            database = line.removeprefix("\\connect ")
        elif line.removesuffix(";") not in QUIET:
            found.setdefault(database, []).append(line.removesuffix(";"))
    return found


@pytest.fixture
def drifted():
    """The state as asked, but for one entry, which has another value or, without one, is gone."""

    def drifted(*path, **more):
        state = converged()
        entry = state
        for key in path[:-1]:
            entry = entry[key]
        if more:
            entry[path[-1]] = more["value"]
        else:
            del entry[path[-1]]
        return state

    return drifted
