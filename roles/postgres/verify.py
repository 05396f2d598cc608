"""PostgreSQL, as it is live: settings in force, extension, checksums, roles and grants."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby

from realmfleet.facts.postgres import PSQL
from realmfleet.facts.postgres import Access as AccessFact
from realmfleet.facts.postgres import Migrations as MigrationsFact
from realmfleet.fleet import Droplet, Fleet
from realmfleet.render import quoted
from realmfleet.secrets.scram import verifier
from realmfleet.units import Unit
from realmfleet.verify.ask import by_label, labelled
from realmfleet.verify.model import Check, Verdict
from realmfleet.verify.units import unit_checks
from realmfleet.verify.values import postgres_same
from roles.postgres import files, migrations, proofs
from roles.postgres.access import APPLICATION, access
from roles.postgres.converge import QUIET, script
from roles.postgres.migrations import Migration
from roles.postgres.model import Access
from roles.postgres.settings import settings
from roles.postgres.state import QUERY

TIMESCALE = "timescaledb"


def units(droplet: Droplet) -> tuple[Unit, ...]:
    """The cluster's, and the retention's timer."""
    return files.units(droplet)


def checks(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> Iterator[Check]:
    """Everything about the cluster on this droplet."""
    asked = access(fleet, droplet)
    yield from unit_checks("postgres", units(droplet))
    yield _settings(fleet, droplet, asked, secrets)
    yield _cluster()
    yield _extension(asked)
    yield _access(asked, secrets)
    if folders := migrations.folders(droplet):
        yield _migrations({name: migrations.read(path) for name, path in folders.items()})
    for database in asked.databases:
        yield proofs.tables(database)
    yield proofs.strangers(asked, secrets)


def _settings(fleet: Fleet, droplet: Droplet, asked: Access, secrets: Mapping[str, str]) -> Check:
    """In every database, and for the application: a value may be laid on each of them."""
    wanted = {setting.name: setting.text for setting in settings(fleet, droplet).values()}
    names = ", ".join(quoted(name) for name in wanted)
    query = shlex.quote(
        "select json_object_agg(name, array[setting, unit, vartype, current_setting(name)]) "
        f"from pg_settings where name in ({names})"
    )
    databases = [database.name for database in asked.databases]
    ask = {name: f"{PSQL} -d {name} -c {query}" for name in ("postgres", *databases)}
    for name in databases:
        login = f"{proofs.DIRECT} -U {APPLICATION.name} -d {name}"
        ask[f"{name}/{APPLICATION.name}"] = f"{login} -c {query}"
    # What a role or a database is meant to have of its own is compared with the grants.
    own = {name for role in asked.roles for name in role.settings}
    own |= {name for database in asked.databases for name in database.settings}
    judge = partial(judge_settings, {k: v for k, v in wanted.items() if k not in own})
    return Check("postgres", "settings", labelled(ask), judge, proofs.login(secrets))


def judge_settings(wanted: Mapping[str, str], answer: str) -> Verdict:
    """Every session's values against what is asked."""
    sessions = by_label(answer)
    found = [
        (said, where)
        for where, text in sessions.items()
        for said in _differing(wanted, where, text)
    ]
    faults = []
    for said, group in groupby(sorted(found), key=lambda pair: pair[0]):
        seen = [where for _, where in group]
        place = "" if len(seen) == len(sessions) else f" (in {', '.join(seen)})"
        faults.append(f"{said}{place}: see pg_settings and \\drds")
    return Verdict(f"{len(wanted)} settings in force", tuple(faults))


def _differing(wanted: Mapping[str, str], where: str, text: str) -> Iterator[str]:
    if not text.startswith("{"):
        yield f"no answer, but: {text or 'nothing'}"
        return
    found = json.loads(text)
    for name, value in wanted.items():
        setting, unit, kind, shown = (cell or "" for cell in found.get(name, [""] * 4))
        over_tcp = "/" in where
        if name.startswith("tcp_") and not over_tcp:
            continue  # a socket of Unix has none of it and shows 0
        # A role without rights is not shown every setting.
        if name not in found and not over_tcp:
            yield f"{name} is unknown to the server, asked {value}"
        elif name in found and not postgres_same(value, setting, unit, kind):
            yield f"{name} is {shown}, asked {value}"


def _cluster() -> Check:
    query = (
        "select 'pending ' || name from pg_settings where pending_restart; "
        "select 'checksums ' || current_setting('data_checksums')"
    )
    return Check("postgres", "cluster", f"{PSQL} -c {shlex.quote(query)} 2>&1", judge_cluster)


def judge_cluster(answer: str) -> Verdict:
    """Nothing waits for a restart, every page has a checksum."""
    rows = [line.split(" ", 1) for line in answer.splitlines()]
    if ["checksums", "on"] not in rows and ["checksums", "off"] not in rows:
        raise ValueError(answer)
    faults = [f"{name} waits for a restart: deploy again" for key, name in rows if key == "pending"]
    if ["checksums", "off"] in rows:
        faults.append("data checksums are off: pg_checksums --enable, while it is stopped")
    return Verdict("no setting waits for a restart, data checksums are on", tuple(faults))


def _extension(asked: Access) -> Check:
    query = shlex.quote(
        "select coalesce(e.extversion, 'missing') || ' ' || a.default_version "
        "from pg_available_extensions a left join pg_extension e on e.extname = a.name "
        f"where a.name = {quoted(TIMESCALE)}"
    )
    names = [database.name for database in asked.databases if TIMESCALE in database.extensions]
    question = labelled({name: f"{PSQL} -d {name} -c {query}" for name in names})
    return Check("postgres", "extension", question, partial(judge_extension, names))


def judge_extension(names: Sequence[str], answer: str) -> Verdict:
    """There in every database, in the version of the library."""
    rows = by_label(answer)
    pairs = {name: rows[name].split(" ") for name in names}
    faults = [
        f"{TIMESCALE} is {version} in {name}, the library is {library}: deploy again"
        for name, (version, library) in pairs.items()
        if version != library
    ]
    libraries = ", ".join(sorted({library for _, library in pairs.values()}))
    return Verdict(f"{TIMESCALE} {libraries} in {', '.join(names)}", tuple(faults))


def _migrations(files: Mapping[str, tuple[Migration, ...]]) -> Check:
    question = str(MigrationsFact().command([*files]))
    return Check("postgres", "migrations", question, partial(judge_migrations, files))


def judge_migrations(files: Mapping[str, tuple[Migration, ...]], answer: str) -> Verdict:
    """Every file applied, as it lies, and none that nobody knows."""
    applied = MigrationsFact().process(answer.splitlines())
    faults = []
    for database, wanted in files.items():
        asked = {migration.name: migration.sha256 for migration in wanted}
        found = applied.get(database, {})
        odd = sorted(n for n in {*asked, *found} if asked.get(n) != found.get(n))
        look = "see realmfleet.migration and deploy again"
        faults += [f"{database}: {name} is not applied as it lies here: {look}" for name in odd]
    counts = ", ".join(f"{len(wanted)} in {name}" for name, wanted in files.items())
    return Verdict(f"migrations applied: {counts}", tuple(faults))


def _access(asked: Access, secrets: Mapping[str, str]) -> Check:
    verifiers = {r.name: verifier(secrets[r.secret], r.name) for r in asked.roles if r.secret}
    question = AccessFact().command(QUERY, [database.name for database in asked.databases])
    judge = partial(judge_access, asked, verifiers)
    return Check("postgres", "roles and grants", str(question), judge)


def judge_access(asked: Access, verifiers: Mapping[str, str], answer: str) -> Verdict:
    """What a deploy would have to do: nothing."""
    state = AccessFact().process(answer.splitlines())
    quiet = {f"{line};" for line in QUIET}
    missing = [
        # The rest of such a statement is a verifier.
        re.sub(r" password .*", " password (secret)", line)
        for line in script(asked, verifiers, state).splitlines()
        if line not in quiet and not line.startswith("\\connect")
    ]
    faults = tuple(f"not as declared, a deploy would {line.rstrip(';')!r}" for line in missing)
    said = f"{len(asked.roles)} roles, {len(asked.databases)} databases, grants as declared"
    return Verdict(said, faults)
