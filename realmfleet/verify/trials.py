"""Privileges proved by doing: statements in one transaction that is rolled back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# "insufficient privilege". https://www.postgresql.org/docs/17/errcodes-appendix.html
FORBIDDEN = "42501"
# A read-only session refuses a write before anybody looks at privileges.
READ_ONLY = "25006"
DONE = "00000"

# A table that exists only inside of the transaction.
TABLE = "realmfleet_verify"


@dataclass(frozen=True)
class Trial:
    """One statement, and whether it must work."""

    statement: str
    works: bool


def script(trials: Sequence[Trial], role: str = "", prepare: Sequence[str] = ()) -> str:
    """What psql reads: every statement, then its number and outcome; nothing stays.

    `role` is taken on after `prepare`, whose statements must all work.
    """
    lines = [
        "\\set VERBOSITY terse",
        "begin;",
        "set local lock_timeout = '5s';",
        *(f"{statement};" for statement in prepare),
        *([f"set local role {role};"] if role else []),
        # From here on a statement that fails undoes only itself.
        "\\set ON_ERROR_STOP off",
        "\\set ON_ERROR_ROLLBACK on",
    ]
    for number, trial in enumerate(trials):
        lines += [f"{trial.statement};", f"\\echo said {number} :SQLSTATE"]
    return "\n".join([*lines, "rollback;"])


def ask(psql: str, text: str) -> str:
    """The shell that gives a script to psql."""
    return f"{psql} <<'END_OF_SQL' 2>&1\n{text}\nEND_OF_SQL\n"


def faults(trials: Sequence[Trial], who: str, answer: str) -> Iterator[str]:
    """One sentence for each statement that went otherwise. LookupError where one was not tried."""
    said = [line.split() for line in answer.splitlines() if line.startswith("said ")]
    outcomes = {int(number): state for _, number, state in said}
    for number, trial in enumerate(trials):
        state = outcomes[number]
        if trial.works and state != DONE:
            yield f"{who} cannot {trial.statement!r} (SQLSTATE {state}), it must: deploy again"
        elif not trial.works and state not in (FORBIDDEN, READ_ONLY):
            yield (
                f"{who} is not refused {trial.statement!r} (SQLSTATE {state}): \\du, \\dp, \\ddp"
            )


def inside(schema: str) -> tuple[Trial, ...]:
    """What the application may and may not do with a table that the owner has made."""
    table = f"{schema}.{TABLE}"
    return (
        Trial(f"insert into {table} (note) values ('a')", works=True),
        Trial(f"select note from {table}", works=True),
        Trial(f"update {table} set note = 'b'", works=True),
        Trial(f"delete from {table}", works=True),
        Trial(f"truncate {table}", works=False),
        Trial(f"alter table {table} add column more int", works=False),
        Trial(f"drop table {table}", works=False),
    )


def reading(schema: str) -> tuple[Trial, ...]:
    """What analysts may and may not do with it."""
    table = f"{schema}.{TABLE}"
    return (
        Trial(f"select note from {table}", works=True),
        Trial(f"insert into {table} (note) values ('a')", works=False),
        Trial(f"update {table} set note = 'b'", works=False),
        Trial(f"delete from {table}", works=False),
        Trial(f"drop table {table}", works=False),
    )


def anywhere(schema: str) -> tuple[Trial, ...]:
    """What nobody may do who logs in from outside."""
    return (
        Trial("select 1", works=True),
        Trial(f"create table {schema}.{TABLE} (id int)", works=False),
        Trial(f"create table public.{TABLE} (id int)", works=False),
        Trial(f"create temp table {TABLE} (id int)", works=False),
        Trial(f"drop schema {schema}", works=False),
        Trial("select rolpassword from pg_authid", works=False),
        Trial(f"create role {TABLE}", works=False),
        Trial("select pg_read_file('/etc/hostname')", works=False),
        Trial("copy (select 1) to program 'true'", works=False),
    )


def made(schema: str, owner: str) -> tuple[str, ...]:
    """As a migration makes a table: by the owner, so that its default privileges count."""
    return (
        f"set local role {owner}",
        f"create table {schema}.{TABLE} (id bigserial, note text)",
    )
