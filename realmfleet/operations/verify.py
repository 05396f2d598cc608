"""The one operation that reads the live state: a droplet answers every check in one exec."""

from time import monotonic

import click
from pyinfra import host, logger
from pyinfra.api import StringCommand, operation

from realmfleet.operations import Commands
from realmfleet.operations.ask import ask, unanswered
from realmfleet.verify.collect import checks_here, secrets_here
from realmfleet.verify.report import Line, report

COLOURS = {"ok": "green", "FAILED": "red", "skipped": "yellow"}


@operation()
def verify() -> Commands:
    """Ask everything, print a line a check, and fail where one has failed.

    The failure is a command's and comes last, so every line of every droplet is shown.
    """
    started, checks = monotonic(), checks_here()
    questions = [(check.question, check.secrets) for check in checks]
    answers, trouble = ask(questions, [*secrets_here().values()])
    if trouble:
        yield unanswered(trouble)
        return
    found = report(checks, answers)
    for line in found.lines:
        logger.info(f"{host.print_prefix}{_shown(line)}")
    logger.info(f"{host.print_prefix}{found.summary} in {monotonic() - started:.1f} s")
    if found.failed:
        yield StringCommand("exit 1")
    else:
        host.noop("all is as declared")


def _shown(line: Line) -> str:
    return f"  {click.style(f'{line.state:<7}', fg=COLOURS[line.state])}  {line.text}"
