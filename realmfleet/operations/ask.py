"""Questions to a droplet, all of them in one exec."""

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from paramiko import SSHException
from pyinfra import host
from pyinfra.api import StringCommand
from pyinfra.api.arguments import CONNECTOR_ARGUMENT_KEYS

from realmfleet.remote import script

# Most take a second on a busy droplet; one waits for the first alert of a Prometheus that has
# just started.
ANSWER_WITHIN_S = 60


def ask(
    questions: Sequence[tuple[str, Mapping[str, str]]], secrets: Sequence[str]
) -> tuple[list[str], str]:
    """The answers, or why there are none.

    Each question is shell with its environment; answers come back without the secrets.
    No fact: with -v pyinfra would print what a fact is given on standard input.
    """
    asked = [{"shell": shell, "environment": dict(given)} for shell, given in questions]
    redact = [value for value in secrets if value]
    payload = {"questions": asked, "redact": redact, "seconds": ANSWER_WITHIN_S}
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


def unanswered(trouble: str) -> StringCommand:
    """The command that fails the operation and says why."""
    said = shlex.quote(f"The droplet could not be asked: {trouble}")
    return StringCommand(f"echo {said} >&2; exit 1")


def _connection() -> dict[str, Any]:
    """How this operation reaches its host: sudo and its like."""
    given: dict[str, Any] = dict(host.current_op_global_arguments or {})
    return {key: value for key, value in given.items() if key in CONNECTOR_ARGUMENT_KEYS}
