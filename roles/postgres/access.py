"""Who may do what in PostgreSQL: roles, databases, schemas and grants, as data to converge to."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from realmfleet.fleet import Droplet, Fleet, Mistake, nearest
from realmfleet.fleet.databases import databases
from realmfleet.fleet.flows import inbound
from realmfleet.settings import WishError
from roles.postgres import migrations, retention
from roles.postgres.model import Access, Database, Grant, HbaLine, Role

LOOPBACK = "127.0.0.1/32"

# What becomes an SQL name: quoted or not it means the same.
NAME = re.compile(r"[a-z][a-z0-9_]{0,53}")
RESERVED = ("postgres", "template0", "template1", "pgbouncer", "replication", "all")

# What an entry of postgres_databases may say.
ENTRY = ("schemas", "migrations", "keep_days")

# "SELECT/INSERT/UPDATE/DELETE and sequence usage only"
WRITES = ("SELECT", "INSERT", "UPDATE", "DELETE")
READS = ("SELECT",)


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


def owned(asked: Access) -> Mapping[str, tuple[str, str]]:
    """Database -> its owner and the search path of its sessions."""
    return {d.name: (d.owner, d.settings["search_path"]) for d in asked.databases}


def hba(fleet: Fleet, droplet: Droplet) -> tuple[HbaLine, ...]:
    """Every line, in order. Raises WishError where the databases are not in order."""
    return (*_local(fleet, droplet), *_remote(fleet, droplet))


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
        # Extensions live in public, where nobody but the superuser may create anything.
        settings={"search_path": ", ".join([*schemas, "public"])},
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
        for key in entry.keys() - set(ENTRY):
            yield Mistake(f"{source}: {name}", f"unknown key {key!r}", nearest(key, ENTRY))
        yield from _odd_schemas(f"{source}: {name}", entry.get("schemas"))
        yield from _odd_migrations(f"{source}: {name}: migrations", entry.get("migrations"))
        yield from retention.mistakes_in(f"{source}: {name}: keep_days", entry.get("keep_days"))


def _odd_migrations(source: str, folder: object) -> Iterator[Mistake]:
    if isinstance(folder, str):
        yield from migrations.mistakes_in(source, migrations.ROOT / folder)
    elif folder is not None:
        yield Mistake(
            source, f"{folder!r} is no folder", "Write a path from the repository's root."
        )


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


def _names(fleet: Fleet, droplet: Droplet) -> tuple[str, ...]:
    return tuple(database.name for database in access(fleet, droplet).databases)


def _local(fleet: Fleet, droplet: Droplet) -> Iterator[HbaLine]:
    names = _names(fleet, droplet)
    pooled = (APPLICATION.name, ANALYTICS.name)
    yield HbaLine("local", ("all",), ("postgres",), "peer", "operators, as the user postgres")
    seen = ("postgres", *names)
    yield HbaLine("local", seen, (MONITOR.name,), "peer", "the exporter, by its Unix user")
    yield HbaLine("local", names, pooled, "scram-sha-256", "the pool, over the socket")
    why = "the pool, or an operator's tunnel"
    yield HbaLine("host", names, pooled, "scram-sha-256", why, LOOPBACK)


def _remote(fleet: Fleet, droplet: Droplet) -> Iterator[HbaLine]:
    """Other droplets by their address; over an open network by TLS only."""
    kind = "host" if droplet.mesh_ip is not None else "hostssl"
    names = _names(fleet, droplet)
    for opening in inbound(fleet, droplet):
        if opening.flow.service != "postgres":
            continue
        for source in opening.sources:
            replica = opening.flow.source == "postgres"
            databases = ("replication",) if replica else names
            users = (REPLICATOR.name,) if replica else (APPLICATION.name, ANALYTICS.name)
            address = f"{source}/32"
            yield HbaLine(kind, databases, users, "scram-sha-256", opening.flow.why, address)
