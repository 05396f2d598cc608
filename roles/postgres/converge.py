"""From the cluster as it is to the declared one: the statements that are missing, in order."""

from collections.abc import Iterator, Mapping

from realmfleet.render import quoted
from roles.postgres.model import Access, Database, Grant, Role
from roles.postgres.state import State, digest, privileges

# Nothing of what follows, verifiers above all, shall be kept in a log or in statistics.
QUIET = (
    "set log_statement = 'none'",
    "set log_min_duration_statement = -1",
    "set log_min_error_statement = 'panic'",
    "set pg_stat_statements.track = 'none'",
)
# In the database `postgres`: the exporter asks there for the statements of all.
CLUSTER_EXTENSION = "pg_stat_statements"
# What everybody may do in a database that has just been created.
PUBLIC_AT_FIRST = ["CONNECT", "TEMPORARY"]


def script(access: Access, verifiers: Mapping[str, str], state: Mapping[str, State]) -> str:
    """What psql reads; empty where nothing is missing.

    `state` is the query's answer by database; a database that does not exist is not in it.
    `verifiers` are the SCRAM verifiers by role.
    """
    cluster = state["postgres"]
    parts = {"postgres": list(_cluster(access, verifiers, cluster))}
    for database in access.databases:
        inside = state.get(database.name, {})
        parts[database.name] = list(_inside(database, access, inside))
    lines = []
    for name, statements in parts.items():
        if statements:
            lines += [f"\\connect {name}", *(f"{line};" for line in (*QUIET, *statements))]
    return "\n".join(lines)


def _cluster(access: Access, verifiers: Mapping[str, str], state: State) -> Iterator[str]:
    for role in access.roles:
        yield from _role(role, verifiers.get(role.name, ""), state)
    for database in access.databases:
        yield from _database(database, state)
    if CLUSTER_EXTENSION not in state["extensions"]:
        yield f"create extension {CLUSTER_EXTENSION}"


def _role(role: Role, verifier: str, state: State) -> Iterator[str]:
    found = state["roles"].get(role.name)
    if found is None:
        yield f"create role {role.name}"
        found = {"member_of": [], "settings": []}
    asked = {
        "login": role.login,
        "replication": role.replication,
        "limit": role.connection_limit,
        "powers": False,
        "verifier": digest(verifier),
    }
    if any(found.get(key) != value for key, value in asked.items()):
        yield _alter(role, verifier)
    for group in sorted(set(role.member_of) - set(found["member_of"])):
        yield f"grant {group} to {role.name}"
    for group in sorted(set(found["member_of"]) - set(role.member_of)):
        yield f"revoke {group} from {role.name}"
    yield from _settings(f"alter role {role.name}", role.settings, found["settings"])


def _alter(role: Role, verifier: str) -> str:
    words = [
        "login" if role.login else "nologin",
        "replication" if role.replication else "noreplication",
        "nosuperuser nocreatedb nocreaterole nobypassrls inherit",
        f"connection limit {role.connection_limit}",
        f"password {quoted(verifier) if verifier else 'null'}",
    ]
    return f"alter role {role.name} with {' '.join(words)}"


def _settings(subject: str, asked: Mapping[str, str], found: list[str]) -> Iterator[str]:
    now = dict(line.split("=", 1) for line in found)
    for name, value in asked.items():
        if now.get(name) != value:
            # A search path is a list of names: quoted as a whole it would be one odd name.
            text = value if name == "search_path" else quoted(value)
            yield f"{subject} set {name} to {text}"
    for name in sorted(set(now) - set(asked)):
        yield f"{subject} reset {name}"


def _database(database: Database, state: State) -> Iterator[str]:
    found = state["databases"].get(database.name)
    if found is None:
        yield f"create database {database.name} owner {database.owner}"
        found = {"owner": database.owner, "acl": {"public": PUBLIC_AT_FIRST}, "settings": []}
    if found["owner"] != database.owner:
        yield f"alter database {database.name} owner to {database.owner}"
    asked = {role: {"CONNECT"} for role in database.connect} | {"public": set()}
    yield from _steps(f"database {database.name}", asked, found)
    yield from _settings(f"alter database {database.name}", database.settings, found["settings"])


def _inside(database: Database, access: Access, state: State) -> Iterator[str]:
    for extension in database.extensions:
        if extension not in state.get("extensions", ()):
            yield f"create extension if not exists {extension}"
    for schema in database.schemas:
        yield from _schema(database, schema, access, state)


def _schema(database: Database, schema: str, access: Access, state: State) -> Iterator[str]:
    found = state.get("schemas", {}).get(schema)
    if found is None:
        yield f"create schema {schema} authorization {database.owner}"
        found = {"owner": database.owner, "acl": {}}
    if found["owner"] != database.owner:
        yield f"alter schema {schema} owner to {database.owner}"
    grants = [grant for grant in database.grants if grant.schema == schema]
    managed = {role.name for role in access.roles} - {database.owner}
    nothing: dict[str, set[str]] = {name: set() for name in sorted(managed | {"public"})}
    yield from _steps(f"schema {schema}", nothing | {g.role: {"USAGE"} for g in grants}, found)
    for kind in ("TABLE", "SEQUENCE"):
        asked = nothing | {grant.role: _wanted(grant, kind) for grant in grants}
        for relation in state.get("relations", ()):
            if (relation["schema"], relation["type"]) == (schema, kind):
                name = relation["name"].replace('"', '""')
                yield from _steps(f'{kind.lower()} {schema}."{name}"', asked, relation)
        yield from _defaults(database, schema, kind, asked, state)


def _defaults(
    database: Database, schema: str, kind: str, asked: Mapping[str, set[str]], state: State
) -> Iterator[str]:
    """The same for what the owner will make later."""
    key = (database.owner, schema, kind)
    rows = (r for r in state.get("defaults", ()) if (r["owner"], r["schema"], r["type"]) == key)
    found: State = next(rows, {"acl": {}})
    subject = f"alter default privileges for role {database.owner} in schema {schema}"
    for step in _steps(f"{kind.lower()}s", asked, found):
        yield f"{subject} {step}"


def _wanted(grant: Grant, kind: str) -> set[str]:
    return set(grant.sequences if kind == "SEQUENCE" else grant.tables)


def _steps(subject: str, asked: Mapping[str, set[str]], found: State) -> Iterator[str]:
    """Grants and revokes by which each grantee holds exactly what is asked."""
    for grantee, wanted in asked.items():
        held = privileges(found, grantee)
        if held - wanted:
            yield f"revoke {', '.join(sorted(held - wanted))} on {subject} from {grantee}"
        if wanted - held:
            yield f"grant {', '.join(sorted(wanted - held))} on {subject} to {grantee}"
