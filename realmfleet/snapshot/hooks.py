"""Where the snapshot meets pyinfra: the only place that changes how pyinfra itself behaves.

pyinfra 3.10 asks every fact by an exec of its own and has no hook for that; pyproject.toml pins
its minor. What is replaced here calls the original for everything that it does not answer.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import Any

from pyinfra.api import StringCommand, facts
from pyinfra.api.host import Host
from pyinfra.api.output import echo
from pyinfra.api.state import BaseStateCallback, State
from pyinfra.connectors.ssh import SSHConnector
from pyinfra.connectors.util import CommandOutput, OutputLine

from realmfleet.remote import script
from realmfleet.snapshot.answers import Answers, Question
from realmfleet.snapshot.memory import Memory
from realmfleet.snapshot.transport import quick

# Longer than any fact of ours; one that takes longer is asked by itself, without a limit.
ANSWER_WITHIN_S = 20

# How a command is run matters to its answer; a password does not, and must not be kept.
_PASSWORDS = ("_sudo_password", "_use_sudo_password", "_su_password")

_is_fact: ContextVar[bool] = ContextVar("is_fact", default=False)
_answers: dict[str, Answers] = {}
_stages: dict[str, object] = {}


def forget(host: Host) -> None:
    """Void a droplet's answers: a stage ends here, others may have changed things."""
    if known := _answers.get(host.name):
        known.next_stage()


def install(root: Path, inventory: str, deploys: Sequence[str]) -> None:
    """Answer the facts of this run from snapshots."""
    memory = Memory(root, inventory, deploys)
    ask_fact, run, put = facts._get_fact, SSHConnector.run_shell_command, SSHConnector.put_file
    arguments = SSHConnector.make_paramiko_kwargs
    keeper = _Keeper(memory)

    def get_fact(state: State, host: Host, *args: Any, **kwargs: Any) -> Any:
        if keeper not in state.callback_handlers:
            state.add_callback_handler(keeper)  # type: ignore[no-untyped-call]
        _on_stage(state, host)
        token = _is_fact.set(True)
        try:
            return ask_fact(state, host, *args, **kwargs)
        finally:
            _is_fact.reset(token)

    def run_shell_command(
        self: SSHConnector,
        command: Any,
        print_output: bool = False,
        print_input: bool = False,
        **how: Any,
    ) -> tuple[bool, CommandOutput]:
        known = _answers.setdefault(self.host.name, Answers(memory.of(self.host.name)))
        if not _is_fact.get():
            known.void()
            return run(self, command, print_output, print_input, **how)
        # A fact's command may also be a plain string.
        raw = command if isinstance(command, str) else command.get_raw_value()
        question = Question(raw, _digest(how))
        fetch = partial(_fetch, run, self, how)
        lines = None if how.get("_stdin") else known.answer(question, fetch)
        if lines is None:
            return run(self, command, print_output, print_input, **how)
        return True, _shown(self.host, command, lines, print_output, print_input)

    def put_file(self: SSHConnector, *args: Any, **kwargs: Any) -> bool:
        _answers.setdefault(self.host.name, Answers(memory.of(self.host.name))).void()
        return put(self, *args, **kwargs)

    facts._get_fact = get_fact
    SSHConnector.run_shell_command = run_shell_command  # type: ignore[method-assign]
    SSHConnector.put_file = put_file  # type: ignore[method-assign]
    SSHConnector.make_paramiko_kwargs = lambda self: quick(arguments(self))  # type: ignore[method-assign]


class _Keeper(BaseStateCallback):
    """Remembers the questions of droplets that came through the whole run."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def host_disconnect(self, state: State, host: Host) -> None:  # type: ignore[override]
        known = _answers.get(host.name)
        if known and any(known.asked) and host not in state.failed_hosts:
            self._memory.keep({host.name: known.asked})


def _on_stage(state: State, host: Host) -> None:
    """What was answered while looking ahead may be old once the operator has confirmed."""
    if _stages.get(host.name) != state.current_stage:
        _stages[host.name] = state.current_stage
        if known := _answers.get(host.name):
            _answers[host.name] = Answers(known.remembered)


def _digest(how: Mapping[str, Any]) -> str:
    plain = {key: value for key, value in how.items() if value and key not in _PASSWORDS}
    text = json.dumps(plain, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _fetch(
    run: Any, connector: SSHConnector, how: Mapping[str, Any], commands: Sequence[str]
) -> Mapping[str, list[str]]:
    """Command -> its lines; nothing at all where the droplet's answer makes no sense."""
    shell = str(how.get("_shell_executable") or "sh")
    payload = {"commands": [*commands], "shell": shell, "seconds": ANSWER_WITHIN_S}
    ask = {**how, "_stdin": script("answer_facts", payload)}
    done, output = run(connector, StringCommand("python3 -I -"), False, False, **ask)
    try:
        rows = json.loads(output.stdout) if done else []
        return {commands[number]: text.splitlines() for number, text in rows}
    except (ValueError, LookupError, TypeError, AttributeError):
        return {}


def _shown(
    host: Host, command: Any, lines: Sequence[str], output: bool, asked: bool
) -> CommandOutput:
    """The answer as pyinfra's own exec returns it, and with -v as it prints it."""
    if asked:
        echo(f"{host.print_prefix}>>> {command}", err=True)
    for line in lines if output else ():
        echo(f"{host.print_prefix}{line}", err=True)
    return CommandOutput([OutputLine("stdout", line) for line in lines])
