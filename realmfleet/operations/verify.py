"""The one operation that reads the live state: a droplet answers every check in one exec."""

import json
import shlex
from collections.abc import Sequence
from time import monotonic
from typing import Any

import click
from paramiko import SSHException
from pyinfra import host, logger
from pyinfra.api import StringCommand, operation
from pyinfra.api.arguments import CONNECTOR_ARGUMENT_KEYS

from realmfleet.operations import Commands
from realmfleet.remote import script
from realmfleet.verify.collect import checks_here, secrets_here
from realmfleet.verify.model import Check
from realmfleet.verify.report import Line, report

# The slowest question takes a second on a busy droplet.
ANSWER_WITHIN_S = 30

COLOURS = {"ok": "green", "FAILED": "red", "skipped": "yellow"}


@operation()
def verify() -> Commands:
    """Ask everything, print a line a check, and fail where one has failed.

    The failure is a command's and comes last, so every line of every droplet is shown.
    """
    started, checks = monotonic(), checks_here()
    answers, trouble = _ask(checks)
    if trouble:
        said = shlex.quote(f"The droplet could not be asked: {trouble}")
        yield StringCommand(f"echo {said} >&2; exit 1")
        return
    found = report(checks, answers)
    for line in found.lines:
        logger.info(f"{host.print_prefix}{_shown(line)}")
    logger.info(f"{host.print_prefix}{found.summary} in {monotonic() - started:.1f} s")
    if found.failed:
        yield StringCommand("exit 1")
    else:
        host.noop("all is as declared")


def _ask(checks: Sequence[Check]) -> tuple[list[str], str]:
    """The answers, or why there are none.

    No fact: with -v pyinfra would print what a fact is given on standard input.
    """
    questions = [{"shell": check.question, "environment": check.secrets} for check in checks]
    redact = [value for value in secrets_here().values() if value]
    payload = {"questions": questions, "redact": redact, "seconds": ANSWER_WITHIN_S}
    try:
        done, output = host.run_shell_command(
            StringCommand("python3 -I -"),
            **_connection() | {"_stdin": script("ask_questions", payload)},
        )
        answers: list[str] = json.loads(output.stdout) if done else []
    except (TimeoutError, OSError, SSHException, ValueError) as error:
        return [], str(error)
    if not done:
        return [], (output.stderr.strip().splitlines() or ["it said nothing"])[-1]
    return answers, ""


def _connection() -> dict[str, Any]:
    """How this operation reaches its host: sudo and its like."""
    given: dict[str, Any] = dict(host.current_op_global_arguments or {})
    return {key: value for key, value in given.items() if key in CONNECTOR_ARGUMENT_KEYS}


def _shown(line: Line) -> str:
    return f"  {click.style(f'{line.state:<7}', fg=COLOURS[line.state])}  {line.text}"
