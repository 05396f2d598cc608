"""What an operation does to a unit, for every state in which it may be."""

import subprocess

import pytest

from realmfleet.facts.units import Machine, Units, UnitState
from realmfleet.operations.units import READY_WITHIN_S, _within, units
from realmfleet.units import STAMP, Unit, watch_list

NAME = "game.service"
RUNS = {"active": True, "enabled": True}
ENABLE = f"systemctl enable {NAME}"
RELOAD = f"{STAMP} reload {NAME}"
RESTART, RELOAD_OWED = frozenset({"restart"}), frozenset({"reload"})
BOTH = RESTART | RELOAD_OWED


def verb(command):
    """A start or restart without what surrounds it: 'restart'; else the command."""
    _, found, after = command.partition("(systemctl ")
    return after.split()[0] if found else command


@pytest.fixture
def steps(yielded):
    def steps(unit, container=True, **state):
        machine = Machine({unit.name: UnitState(**state)} if state else {}, container)
        return [verb(step) for step in yielded(units, [unit], facts={Units: machine})]

    return steps


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({}, [ENABLE, "start"]),
        ({"enabled": True}, ["start"]),
        ({"active": True}, [ENABLE]),
        (RUNS, []),
        # A start reads everything anew: what is owed is paid by it.
        ({"enabled": True, "owes": BOTH}, ["start"]),
        ({**RUNS, "owes": RESTART}, ["restart"]),
        ({**RUNS, "owes": RELOAD_OWED}, [RELOAD]),
        # A restart reads everything anew: no reload besides.
        ({**RUNS, "owes": BOTH}, ["restart"]),
        ({"active": True, "owes": RELOAD_OWED}, [ENABLE, RELOAD]),
        ({**RUNS, "needs_daemon_reload": True}, ["systemctl daemon-reload"]),
        (
            {**RUNS, "owes": RESTART, "needs_daemon_reload": True},
            ["systemctl daemon-reload", "restart"],
        ),
    ],
)
def test_a_unit_that_shall_run(steps, state, expected):
    assert steps(Unit(NAME), **state) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({}, []),
        ({"active": True}, [f"systemctl disable --now {NAME}"]),
        ({"enabled": True}, [f"systemctl disable --now {NAME}"]),
        ({**RUNS, "owes": BOTH}, [f"systemctl disable --now {NAME}"]),
        ({"owes": BOTH}, []),
    ],
)
def test_a_unit_that_shall_not_run(steps, state, expected):
    assert steps(Unit(NAME, running=False), **state) == expected


def test_what_cannot_run_in_a_container_is_left_alone_there_only(steps):
    unit = Unit(NAME, real_only=True)
    assert steps(unit, container=True) == []
    assert steps(unit, container=False) == [ENABLE, "start"]


def test_units_start_in_the_order_in_which_they_are_asked_for(yielded):
    wanted = [Unit("b.service"), Unit("a.service")]
    found = yielded(units, wanted, facts={Units: Machine({}, container=True)})
    named = [word for step in found for word in ("a.service", "b.service") if word in step]
    assert named == ["b.service", "b.service", "a.service", "a.service"]


def test_a_start_waits_until_the_service_answers_and_shows_why_it_does_not(yielded):
    facts = {Units: Machine({}, container=True)}
    (_, start) = yielded(units, [Unit(NAME, ready="ask-it")], facts=facts)
    assert f"(systemctl start {NAME} && (i=0; until ask-it" in start
    assert start.endswith(f"|| {{ journalctl -u {NAME} -n 20 --no-pager -o cat >&2; exit 1; }}")


def test_waiting_ends_at_the_answer_and_at_the_deadline(tmp_path):
    def wait(ready):
        # The same words, with a hundredth of the patience.
        quick = _within(ready).replace("sleep 0.2", "sleep 0.002")
        return subprocess.run(["sh", "-c", quick], capture_output=True, text=True, check=False)

    once = f"[ -e {tmp_path}/asked ] || {{ touch {tmp_path}/asked; false; }}"
    assert wait(once).returncode == 0
    never = wait("false")
    assert (never.returncode, never.stderr) == (1, "not ready in time\n")
    assert READY_WITHIN_S == 30


def test_a_watch_list_says_what_each_file_needs():
    unit = Unit(NAME, restart=("/a", "/b"), reload=("/c",))
    listed = watch_list(unit)
    assert listed.path == f"/etc/realmfleet/units/{NAME}"
    assert listed.content == "restart /a\nrestart /b\nreload /c\n"
