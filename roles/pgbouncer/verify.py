"""PgBouncer, as it is live: settings, databases and limits in force, and logins through it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.databases import databases as game_databases
from realmfleet.units import Unit
from realmfleet.verify import trials
from realmfleet.verify.ask import by_label, labelled
from realmfleet.verify.files import secret_files
from realmfleet.verify.model import Check, Verdict
from realmfleet.verify.units import unit_checks
from realmfleet.verify.values import pgbouncer_same
from roles.pgbouncer import files
from roles.pgbouncer.settings import databases, settings, users

CONSOLE = "psql -XAq -P footer=off -h /run/pgbouncer -p 6432 -U pgbouncer_monitor pgbouncer"
POOL = "psql -XAtq -h 127.0.0.1 -p 6432"


def units(_droplet: Droplet) -> tuple[Unit, ...]:
    """The pool's."""
    return (files.UNIT,)


def checks(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> Iterator[Check]:
    """Everything about the pool on this droplet."""
    monitor = {"PGPASSWORD": secrets[files.PASSWORDS["pgbouncer_monitor"]]}
    wanted = {setting.name: setting.text for setting in settings(fleet, droplet).values()}
    names, limits = list(databases(fleet, droplet)), users(fleet, droplet)
    yield from unit_checks("pgbouncer", units(droplet))
    yield secret_files("pgbouncer", files.files(fleet, droplet, secrets))
    judge = partial(judge_settings, wanted)
    yield Check("pgbouncer", "settings", f"{CONSOLE} -c 'show config' 2>&1", judge, monitor)
    show = f"{CONSOLE} -c 'show databases' -c 'show users' 2>&1"
    yield Check("pgbouncer", "databases", show, partial(judge_pools, names, limits), monitor)
    for role in limits:
        yield _through(role, droplet, secrets)
    yield _strangers(names, secrets)


def judge_settings(wanted: Mapping[str, str], answer: str) -> Verdict:
    """What SHOW CONFIG says against what is asked."""
    rows = [line.split("|") for line in answer.splitlines()]
    found = {row[0]: row[1] for row in rows if len(row) == 4}
    if not found:
        raise ValueError(answer)
    faults = [
        f"{name} is {found.get(name, 'unknown to it')}, asked {value}: show config"
        for name, value in wanted.items()
        if name not in found or not pgbouncer_same(value, found[name])
    ]
    return Verdict(f"{len(wanted)} settings in force", tuple(faults))


def judge_pools(names: Sequence[str], limits: Mapping[str, str], answer: str) -> Verdict:
    """Every database is there and serves, every role has its limit."""
    rows = _rows(answer)
    pools = {row["name"]: row for row in rows if "paused" in row}
    found = {row["name"]: row for row in rows if "max_user_connections" in row}
    faults = [f"database {name} is missing: show databases" for name in names if name not in pools]
    faults += [
        f"database {name} is {state}, its clients wait: show databases"
        for name in names
        for state in ("paused", "disabled")
        if pools.get(name, {}).get(state, "0") != "0"
    ]
    faults += [
        f"{role} may open {found[role]['max_user_connections']} sessions, asked {limit}: show users"
        for role, limit in ((role, text.partition("=")[2]) for role, text in limits.items())
        if found[role]["max_user_connections"] != limit
    ]
    return Verdict(f"serves {', '.join(names)} within the limits of its roles", tuple(faults))


def _through(role: str, droplet: Droplet, secrets: Mapping[str, str]) -> Check:
    """A role logs in through the pool with its real password, and may not do what owners may."""
    asked = {name: entry["schemas"][0] for name, entry in game_databases(droplet).items()}
    question = "".join(
        # After an outage of the server the pool refuses its first client from memory, and
        # only then asks the server again.
        f"{POOL} -U {role} -d {name} -c 'select 1' >/dev/null 2>&1 || sleep 2\n"
        f"echo next\n{trials.ask(f'{POOL} -U {role} -d {name}', _script(schema))}"
        for name, schema in asked.items()
    )
    login = {"PGPASSWORD": secrets[files.PASSWORDS[role]]}
    return Check("pgbouncer", f"{role}", question, partial(judge_through, role, asked), login)


def judge_through(role: str, asked: Mapping[str, str], answer: str) -> Verdict:
    """`asked`: database -> its schema."""
    parts = answer.split("next\n")[1:]
    if len(parts) != len(asked):
        raise ValueError(answer)
    faults = [
        fault
        for (name, schema), part in zip(asked.items(), parts, strict=True)
        for fault in _faults(f"{role} in {name}", trials.anywhere(schema), part)
    ]
    refused = sum(not trial.works for trial in trials.anywhere(""))
    said = f"{role} logs in to {', '.join(asked)}; {refused} forbidden statements fail in each"
    return Verdict(said, tuple(faults))


def _faults(who: str, tried: Sequence[trials.Trial], part: str) -> Iterator[str]:
    if "said 0" not in part:
        yield f"{who} cannot log in through the pool: {(part.splitlines() or ['no answer'])[0]}"
        return
    yield from trials.faults(tried, who, part)


def _script(schema: str) -> str:
    return trials.script(trials.anywhere(schema))


def _strangers(names: Sequence[str], secrets: Mapping[str, str]) -> Check:
    ask = f"{POOL} -U application -c 'select 1'"
    commands = {"wrong": f"PGPASSWORD=wrong {ask} -d {names[0]}", "own": f"{ask} -d postgres"}
    login = {"PGPASSWORD": secrets[files.PASSWORDS["application"]]}
    return Check("pgbouncer", "logins", labelled(commands), judge_strangers, login)


def judge_strangers(answer: str) -> Verdict:
    """Refused, and for the right reason."""
    rows, faults = by_label(answer), []
    if "authentication failed" not in rows["wrong"]:
        said = rows["wrong"]
        faults.append(f"a wrong password is not refused, but answered {said!r}: show config")
    if "no such database" not in rows["own"]:
        what = "the database postgres is not kept out of the pool"
        faults.append(f"{what}, but answers {rows['own']!r}: show databases")
    return Verdict("a wrong password and the database postgres are refused", tuple(faults))


def _rows(answer: str) -> list[dict[str, str]]:
    """The rows of several tables, each below its headings."""
    rows, headings = [], [""]
    for cells in (line.split("|") for line in answer.splitlines()):
        if cells[0] == "name":
            headings = cells
        else:
            rows.append(dict(zip(headings, cells, strict=True)))
    return rows
