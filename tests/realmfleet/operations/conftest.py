"""Operations without a droplet: what they yield for given facts."""

from types import SimpleNamespace

import pytest
from pyinfra.context import ctx_host


class Host:
    """As much of a pyinfra host as our operations ask: facts, and where they say 'nothing'."""

    name, print_prefix = "db-1", ""
    connector = None

    def __init__(self, facts, failed):
        self.facts, self.noops = facts, []
        self.state = SimpleNamespace(
            failed_hosts=[SimpleNamespace(name=name) for name in failed],
            config=SimpleNamespace(DIFF=False),
        )

    def get_fact(self, fact, **_asked):
        return self.facts[fact]

    def noop(self, message):
        self.noops.append(message)


@pytest.fixture
def yielded():
    """Calls an operation; the commands it yields, or that it said there is nothing to do."""

    def yielded(operation, *args, facts=None, failed=(), stdin=False, plain=False, **kwargs):
        host = Host(facts or {}, failed)
        with ctx_host.use(host):
            commands = list(operation._inner(*args, **kwargs))
        # Exactly one of both: pyinfra counts commands, and a reader wants to know why none.
        assert bool(commands) != bool(host.noops)
        if plain:
            return commands
        if stdin:
            return [command.connector_arguments["_stdin"] for command in commands]
        return [command.get_raw_value() for command in commands]

    return yielded
