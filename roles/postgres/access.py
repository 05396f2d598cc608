"""Who may do what in PostgreSQL: roles, databases, schemas and grants, as data to converge to."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from realmfleet.fleet import Droplet, Fleet, Mistake, nearest
from realmfleet.fleet.databases import databases
from realmfleet.settings import WishError

# What becomes an SQL name: quoted or not it means the same.
NAME = re.compile(r"[a-z][a-z0-9_]{0,53}")
RESERVED = ("postgres", "template0", "template1", "pgbouncer", "replication", "all")

# "SELECT/INSERT/UPDATE/DELETE and sequence usage only"
WRITES = ("SELECT", "INSERT", "UPDATE", "DELETE")
READS = ("SELECT",)


@dataclass(frozen=True)
class Role:
    """A role of the cluster. `secret` names its password; without one nobody logs in over TCP.

    `settings` are laid on it by ALTER ROLE ... SET, in upstream's spelling.
    """

    name: str
    why: str
    login: bool = True
    secret: str = ""
    replication: bool = False
    member_of: tuple[str, ...] = ()
    connection_limit: int = -1
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Grant:
    """What one role may do in one schema; also with what the owner makes there later."""

    role: str
    schema: str
    tables: tuple[str, ...]
    sequences: tuple[str, ...]


@dataclass(frozen=True)
class Database:
    """A database: PUBLIC may not even connect, `connect` may, the owner owns all schemas."""

    name: str
    owner: str
    schemas: tuple[str, ...]
    connect: tuple[str, ...]
    grants: tuple[Grant, ...]
    extensions: tuple[str, ...] = ("timescaledb",)
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Access:
    """Everything that the deploy converges to. What is not named here, it leaves alone."""

    roles: tuple[Role, ...]
    databases: tuple[Database, ...]


APPLICATION = Role(
    "application",
    "the game's API, through the pool",
    secret="postgres_application_password",
    settings={"statement_timeout": "30s", "lock_timeout": "10s"},
)
ANALYTICS = Role(
    "analytics",
    "analysts, read only, through the pool",
    secret="postgres_analytics_password",
    settings={"statement_timeout": "5min", "default_transaction_read_only": "on"},
)
# The exporter's Unix user: it comes over the socket (peer) and needs no password.
MONITOR = Role(
    "prometheus",
    "the exporter, over the socket",
    member_of=("pg_monitor", "pg_use_reserved_connections"),
    connection_limit=5,
    settings={"statement_timeout": "10s"},
)
REPLICATOR = Role(
    "replicator",
    "streaming replication between droplets",
    secret="postgres_replicator_password",
    replication=True,
)


def access(fleet: Fleet, droplet: Droplet) -> Access:
    """The roles and databases of this droplet's cluster. Raises WishError for odd names."""
    declared = databases(droplet)
    mistakes = tuple(_mistakes(droplet, declared))
    if mistakes:
        raise WishError(mistakes)
    owners = tuple(_owner(name) for name in declared)
    several = len(fleet.carrying("postgres")) > 1
    roles = (APPLICATION, ANALYTICS, MONITOR, *([REPLICATOR] if several else []), *owners)
    made = tuple(_database(name, entry["schemas"]) for name, entry in declared.items())
    return Access(roles, made)


def _owner(database: str) -> Role:
    why = f"owns {database}; migrations run on the droplet by SET ROLE, nobody logs in"
    return Role(f"{database}_owner", why, login=False)


def _database(name: str, schemas: list[str]) -> Database:
    grants = (
        *(Grant(APPLICATION.name, s, WRITES, ("USAGE", "SELECT")) for s in schemas),
        *(Grant(ANALYTICS.name, s, READS, ("SELECT",)) for s in schemas),
    )
    return Database(
        name=name,
        owner=_owner(name).name,
        schemas=tuple(schemas),
        connect=(APPLICATION.name, ANALYTICS.name, MONITOR.name),
        grants=grants,
        settings={"search_path": ", ".join(schemas)},
    )


def _mistakes(droplet: Droplet, declared: Mapping[str, Any]) -> Iterator[Mistake]:
    source = f"{droplet.name}: postgres_databases"
    if not declared:
        yield Mistake(source, "no database", "Write one: {'world': {'schemas': ['world']}}.")
    for name, entry in declared.items():
        yield from _odd_name(source, name)
        if not isinstance(entry, dict):
            what = f"{name!r} is {entry!r}, not a dict"
            yield Mistake(source, what, "Write {'schemas': [...]}.")
            continue
        for key in entry.keys() - {"schemas"}:
            yield Mistake(f"{source}: {name}", f"unknown key {key!r}", nearest(key, ["schemas"]))
        yield from _odd_schemas(f"{source}: {name}", entry.get("schemas"))


def _odd_schemas(source: str, schemas: object) -> Iterator[Mistake]:
    if not isinstance(schemas, list) or not schemas:
        yield Mistake(source, f"its schemas are {schemas!r}", "List one: {'schemas': ['world']}.")
        return
    for schema in schemas:
        yield from _odd_name(f"{source}: schemas", schema)


def _odd_name(source: str, name: object) -> Iterator[Mistake]:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        mend = "Write small letters, digits and _, a letter first, 54 at most."
        yield Mistake(source, f"{name!r} is no plain name", mend)
    elif name in RESERVED or name.startswith("pg_"):
        yield Mistake(source, f"{name!r} is PostgreSQL's own", "Choose another name.")
