"""Who may do what in PostgreSQL, proved by doing it; nothing of it stays."""

import re
from collections.abc import Mapping
from functools import partial

from realmfleet.facts.postgres import PSQL
from realmfleet.verify import trials
from realmfleet.verify.ask import by_label, labelled
from realmfleet.verify.model import Check, Verdict
from roles.postgres.access import ANALYTICS, APPLICATION
from roles.postgres.model import Access, Database

# Not through the pool: its sessions may be older than what is looked for.
DIRECT = "psql -XAtq -h 127.0.0.1 -p 5432"


def login(secrets: Mapping[str, str]) -> dict[str, str]:
    """The application's password, as psql takes it from the environment."""
    return {"PGPASSWORD": secrets[APPLICATION.secret]}


def tables(database: Database) -> Check:
    """With a table of the owner's, made and undone. A replica takes none, and says so."""
    schema = database.schemas[0]
    psql, prepare = f"{PSQL} -d {database.name}", trials.made(schema, database.owner)
    writing = trials.script(trials.inside(schema), APPLICATION.name, prepare)
    reading = trials.script(trials.reading(schema), ANALYTICS.name, prepare)
    replica = f'[ "$({PSQL} -c "select pg_is_in_recovery()" 2>&1)" = t ]'
    question = (
        f"if {replica}; then echo replica; exit; fi\n"
        f"{trials.ask(psql, writing)}echo next\n{trials.ask(psql, reading)}"
    )
    return Check(
        "postgres", f"tables of {database.name}", question, partial(judge_tables, database)
    )


def judge_tables(database: Database, answer: str) -> Verdict:
    """The application writes and does not own, analysts read."""
    name, schema = database.name, database.schemas[0]
    if answer.strip() == "replica":
        return Verdict(
            "", skipped=f"privileges in {name}: a replica takes no statement that writes"
        )
    writing, _, reading = answer.partition("next\n")
    faults = [
        *trials.faults(trials.inside(schema), f"{APPLICATION.name} in {name}", writing),
        *trials.faults(trials.reading(schema), f"{ANALYTICS.name} in {name}", reading),
    ]
    said = f"in {name} the application writes and owns nothing, analytics only reads"
    return Verdict(said, tuple(faults))


def strangers(asked: Access, secrets: Mapping[str, str]) -> Check:
    """Logins that must fail: by a wrong password, and into the server's own database."""
    ask = f"{DIRECT} -U {APPLICATION.name} -c 'select 1'"
    commands = {
        "wrong": f"PGPASSWORD=wrong {ask} -d {asked.databases[0].name}",
        "own": f"{ask} -d postgres",
    }
    return Check("postgres", "logins", labelled(commands), judge_strangers, login(secrets))


def judge_strangers(answer: str) -> Verdict:
    """Refused, and for the right reason."""
    rows, faults, look = by_label(answer), [], "select * from pg_hba_file_rules"
    if "password authentication failed" not in rows["wrong"]:
        faults.append(f"a wrong password is not refused, but answered {rows['wrong']!r}: {look}")
    if not re.search(r"no pg_hba\.conf entry|permission denied for database", rows["own"]):
        what = "the application is not kept out of the database postgres"
        faults.append(f"{what}, but answered {rows['own']!r}: {look}")
    return Verdict("a wrong password and the database postgres are refused", tuple(faults))
