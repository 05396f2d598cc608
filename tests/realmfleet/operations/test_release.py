"""When a release is uploaded, when it is rolled out, and when nothing is done."""

import hashlib
import json

import pytest

from realmfleet.artifacts.rollout import Gate, Process, Rollout
from realmfleet.facts.release import Release, ReleaseState
from realmfleet.facts.units import Machine, Units, UnitState
from realmfleet.operations.release import release
from realmfleet.units import Unit

PROGRAM = b"#!/bin/sh\nexit 0\n"
SHA256 = hashlib.sha256(PROGRAM).hexdigest()
NAME, OTHER = f"1.0.0-{SHA256[:12]}", "0.9.0-0123456789ab"
FOREST, HUB, CANDIDATE = "zone@forest-1.service", "zone@hub-1.service", "zone-candidate.service"
ROLLOUT = Rollout(
    "zone",
    tuple(Process(Unit(name), Gate("127.0.0.1", 7000)) for name in (FOREST, HUB)),
    Process(Unit(CANDIDATE, running=False), Gate("127.0.0.1", 7100)),
    30,
    "zone@*.service",
)
WELL = UnitState(active=True, enabled=True)
SERVES = ReleaseState(NAME, NAME, True, frozenset({FOREST, HUB}))


@pytest.fixture
def steps(yielded, tmp_path):
    """The programs that are run with their payloads, and the uploads, in their order."""
    (tmp_path / "zone").write_bytes(PROGRAM)

    def step(command):
        stdin = getattr(command, "connector_arguments", {}).get("_stdin")
        if stdin is None:
            return "upload", command.dest
        call = stdin.rstrip().rsplit("\nmain(json.loads(", 1)[1]
        payload = json.loads(json.loads(call.removesuffix("))")))
        return "install" if "upload" in payload else "switch", payload

    def steps(found=SERVES, candidate=None, sha256=SHA256, **units):
        states = {FOREST: units.get("forest", WELL), HUB: units.get("hub", WELL)}
        states[CANDIDATE] = candidate or UnitState()
        facts = {Release: found, Units: Machine(states, container=True)}
        entry = {"path": str(tmp_path / "zone"), "version": "1.0.0", "sha256": sha256}
        asked = ("alpha-1: zone_artifact", entry, ROLLOUT)
        commands = yielded(release, *asked, facts=facts, plain=True, redact=["word"])
        return commands if sha256 != SHA256 else [step(command) for command in commands]

    return steps


def test_a_release_that_serves_is_left_alone(steps):
    assert steps() == []


def test_a_new_one_is_uploaded_unpacked_and_rolled_out(steps):
    found = ReleaseState(OTHER, OTHER, False, frozenset({FOREST, HUB}))
    (_, upload), (second, install), (third, switch) = steps(found)
    assert upload == f"/opt/zone/upload/{SHA256}" == install["upload"]
    assert (second, install["release"], install["sha256"]) == ("install", NAME, SHA256)
    assert (third, switch["release"], switch["redact"]) == ("switch", NAME, ["word"])
    assert [process["unit"] for process in switch["processes"]] == [FOREST, HUB]
    assert switch["leave"] == []


@pytest.mark.parametrize(
    ("found", "states"),
    [
        (ReleaseState(OTHER, OTHER, True, SERVES.units), {}),
        # Killed between the switch and the proof, and between the proof of another and its end.
        (ReleaseState(NAME, OTHER, True, SERVES.units), {}),
        (ReleaseState(OTHER, NAME, True, SERVES.units), {}),
        (ReleaseState("", "", True, frozenset()), {}),
        (SERVES, {"hub": UnitState(enabled=True)}),
        (SERVES, {"hub": UnitState(active=True)}),
        (SERVES, {"forest": UnitState(True, True, needs_daemon_reload=True)}),
        (SERVES, {"forest": UnitState(True, True, owes=frozenset({"restart"}))}),
        (SERVES, {"candidate": UnitState(active=True)}),
    ],
)
def test_what_is_there_is_not_uploaded_again(steps, found, states):
    assert [what for what, _ in steps(found, **states)] == ["switch"]


def test_a_damaged_release_is_brought_again(steps):
    found = ReleaseState(NAME, NAME, False, SERVES.units)
    assert [what for what, _ in steps(found)] == ["upload", "install", "switch"]


def test_an_instance_that_left_the_inventory_goes_with_its_files(steps):
    gone = "zone@desert-1.service"
    ((_, switch),) = steps(ReleaseState(NAME, NAME, True, SERVES.units | {gone, CANDIDATE}))
    files = [f"/etc/realmfleet/units/{gone}", "/etc/realmfleet/zone/desert-1.env"]
    assert switch["leave"] == [{"unit": gone, "files": files}]


def test_a_build_that_changed_since_the_guard_fails_by_a_command(steps):
    (command,) = steps(sha256="a" * 64)
    text = command.get_raw_value()
    assert text.startswith("echo 'alpha-1: zone_artifact: ")
    assert text.endswith(">&2; exit 1")
