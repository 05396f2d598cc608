"""A switch from one release to the next: what serves afterwards, and what is said and left."""

import os

import pytest

from tests.realmfleet.remote.machine import CANDIDATE, SECRET, UNIT, Service

A, B, C, D = (f"{letter}.0.0-0123456789ab" for letter in "abcd")


@pytest.fixture
def service(tmp_path, program, fakes):
    return Service(tmp_path, program, fakes)


@pytest.fixture
def serves_a(service):
    """The first release serves already."""
    service.has(A, B)
    service.links(current=A, verified=A)
    service.runs(A)
    return service


def test_the_first_release(service):
    service.has(A)
    assert service.roll_out(A).returncode == 0
    assert service.starts() == [CANDIDATE, UNIT]
    assert service.now() == {"current": A, "verified": A}
    assert f"systemctl -q enable {UNIT}" in service.calls()
    assert service.property("ActiveState", CANDIDATE) == "inactive"


def test_the_next_one_leaves_a_way_back(serves_a):
    assert serves_a.roll_out(B).returncode == 0
    assert serves_a.now() == {"current": B, "verified": B, "previous": A}


def test_what_is_well_already_is_left_alone(serves_a):
    assert serves_a.roll_out(A).returncode == 0
    assert serves_a.starts() == []


def test_one_that_died_is_started_without_a_trial(serves_a):
    (serves_a.state / UNIT).unlink()
    assert serves_a.roll_out(A).returncode == 0
    assert serves_a.starts() == [UNIT]


def test_a_bad_candidate_replaces_nobody(serves_a):
    serves_a.has(C, fails="candidate")
    done = serves_a.roll_out(C)
    assert done.returncode == 1
    asked = f"release {C}, tried as a candidate, ended by itself (exit code 3); {A} keeps running"
    assert done.stderr.startswith(asked)
    assert "said (secret)" in done.stderr
    assert SECRET not in done.stderr
    assert serves_a.now() == {"current": A, "verified": A}
    assert (serves_a.starts(), serves_a.releases()) == ([CANDIDATE], [A, B])


def test_one_that_fails_after_the_switch_is_taken_back(serves_a):
    serves_a.has(C, fails="current")
    done = serves_a.roll_out(C)
    assert done.returncode == 1
    assert f"but {UNIT} ended by itself (exit code 3); {A} was put back and serves" in done.stderr
    assert serves_a.now() == {"current": A, "verified": A}
    assert serves_a.property("ActiveState") == "active"
    assert serves_a.releases() == [A, B]


def test_a_way_back_that_is_barred_is_said(serves_a):
    serves_a.has(A, C, fails="current")
    done = serves_a.roll_out(C)
    assert f"{A} was put back, but {UNIT} ended by itself" in done.stderr


def test_a_first_release_that_fails_is_stopped_and_gone(service):
    service.has(C, fails="current")
    done = service.roll_out(C)
    assert "there is no former one to go back to, so it was stopped" in done.stderr
    assert (service.now(), service.releases()) == ({}, [])
    assert f"systemctl -q disable --now {UNIT}" in service.calls()


def test_a_configuration_that_fails_keeps_its_release(serves_a):
    serves_a.has(A, fails="current")
    (serves_a.state / UNIT).unlink()
    done = serves_a.roll_out(A)
    assert "it has served before, so its new configuration is at fault" in done.stderr
    assert serves_a.now() == {"current": A, "verified": A}


def test_a_kill_between_switch_and_restart_is_made_good(serves_a):
    (serves_a.root / "current").unlink()
    serves_a.links(current=B, candidate=B)
    assert serves_a.roll_out(B).returncode == 0
    assert serves_a.now() == {"current": B, "verified": B, "previous": A}
    assert (serves_a.state / f"{UNIT}.seen").read_text().strip() == f"releases/{B}"


def test_after_a_kill_another_release_goes_back_to_what_has_served(serves_a):
    (serves_a.root / "current").unlink()
    serves_a.links(current=B)
    serves_a.has(C, fails="current")
    assert f"{A} was put back and serves again" in serves_a.roll_out(C).stderr
    assert serves_a.now() == {"current": A, "verified": A}


@pytest.mark.parametrize("asked", [B, C])
def test_after_a_kill_a_bad_candidate_does_not_leave_the_unproved_one(serves_a, asked):
    (serves_a.root / "current").unlink()
    serves_a.links(current=B)
    serves_a.has(asked, fails="candidate")
    done = serves_a.roll_out(asked)
    assert f"release {asked}, tried as a candidate, ended by itself (exit code 3)" in done.stderr
    assert f"{A} was put back and serves again" in done.stderr
    assert serves_a.now() == {"current": A, "verified": A}
    assert asked not in serves_a.releases()


def test_after_a_kill_of_the_very_first_one_a_bad_candidate_stops_it(service):
    service.has(B, fails="candidate")
    service.links(current=B)
    assert "no former one to go back to, so it was stopped" in service.roll_out(B).stderr
    assert (service.now(), service.releases()) == ({}, [])


def test_a_crash_of_long_ago_is_not_held_against_a_release(serves_a):
    """The kill came after the restart: the unit runs what is asked, and came back once since."""
    (serves_a.root / "current").unlink()
    serves_a.links(current=B)
    serves_a.runs(B, restarts=2)
    done = serves_a.roll_out(B)
    assert done.returncode == 0, done.stderr
    assert serves_a.property("MainPID") == "7"


def test_what_left_the_inventory_is_stopped_with_its_files(serves_a, tmp_path):
    (tmp_path / "list").touch()
    gone = {"unit": "zone@hub-2.service", "files": [str(tmp_path / "list"), "/nonexistent"]}
    assert serves_a.roll_out(A, leave=[gone]).returncode == 0
    assert "systemctl -q disable --now zone@hub-2.service" in serves_a.calls()
    assert not (tmp_path / "list").exists()


def test_so_many_releases_stay_and_those_that_serve_always(serves_a):
    for age, release in enumerate((A, C, D)):
        serves_a.has(release)
        os.utime(serves_a.root / "releases" / release, (age, age))
    assert serves_a.roll_out(B).returncode == 0
    assert serves_a.releases() == [A, B, D]
