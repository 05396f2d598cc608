"""Packages come in one transaction, after whatever another run or a crash has left."""

import fcntl
import os
import time
from threading import Timer

import pytest

# The first installation fails, as with package lists that are out of date.
FIRST_FAILS = 'case "$*" in *install*) [ -e "$0.ran" ] || { touch "$0.ran"; exit 100; } ;; esac'


class Apt:
    """apt that only writes down what it was asked, with locks and lists of the test's own."""

    def __init__(self, root, program):
        self.root, self._program = root, program
        self.log, self.lists = root / "apt.log", root / "lists"
        self.locks = (root / "lock-frontend", root / "lock")
        self.lists.mkdir()

    def update_lists(self, age_s=0.0):
        path = self.lists / "archive_Packages"
        path.touch()
        os.utime(path, (time.time() - age_s,) * 2)

    def install(self, *packages, hold=(), wait_s=900):
        lines = f"LOG = {str(self.log)!r}\nLISTS = {str(self.lists)!r}\n"
        lines += f"DPKG_LOCKS = {tuple(map(str, self.locks))!r}\nLOCK_WAIT_S = {wait_s}\n"
        payload = {"packages": list(packages), "hold": list(hold)}
        return self._program("install_packages", payload, lines)


@pytest.fixture
def apt(tmp_path, program):
    return Apt(tmp_path, program)


def verbs(calls):
    """The calls less their options: 'apt-get install a b'."""
    known = ("--configure", "update", "install", "hold")
    for call in calls():
        name, *words = call.split()
        verb = next(word for word in words if word in known)
        after = words[words.index(verb) + 1 :]
        yield " ".join([name, verb, *(word for word in after if not word.startswith("-"))])


FINISH = "dpkg --configure"


def test_with_fresh_lists_it_asks_the_archive_for_nothing_else(apt, fakes):
    calls = fakes("dpkg", "apt-get", "apt-mark")
    apt.update_lists()
    assert apt.install("a", "b", hold=["b"]).returncode == 0
    assert [*verbs(calls)] == [FINISH, "apt-get install a b", "apt-mark hold b"]


@pytest.mark.parametrize("age_s", [None, 25 * 3600])
def test_with_old_lists_or_none_it_refreshes_them_first(apt, fakes, age_s):
    calls = fakes("dpkg", "apt-get")
    if age_s:
        apt.update_lists(age_s)
    assert apt.install("a").returncode == 0
    assert [*verbs(calls)] == [FINISH, "apt-get update", "apt-get install a"]


def test_lists_that_turn_out_old_are_refreshed_once(apt, fakes):
    calls = fakes("dpkg", apt_get=FIRST_FAILS)
    apt.update_lists()
    assert apt.install("a").returncode == 0
    tries = [FINISH, "apt-get install a", "apt-get update", "apt-get install a"]
    assert [*verbs(calls)] == tries


def test_what_cannot_be_installed_says_why_and_where_more_is_written(apt, fakes):
    fakes("dpkg", apt_get="echo some noise; echo E: Unable to locate package a; exit 100")
    run = apt.install("a")
    assert run.returncode == 1
    assert "E: Unable to locate package a" in run.stderr
    assert run.stderr.endswith(f"apt-get -q failed; all of its output is in {apt.log}\n")
    assert "some noise" in apt.log.read_text()


def test_nothing_starts_and_no_question_is_asked_while_packages_come(apt, fakes):
    fakes("dpkg", apt_get='echo "$REALMFLEET_INSTALL $DEBIAN_FRONTEND"; cat')
    apt.update_lists()
    assert apt.install("a").returncode == 0
    assert apt.log.read_text().splitlines()[-1] == "1 noninteractive"


def test_it_waits_for_the_run_that_is_at_work(apt, fakes):
    calls = fakes("dpkg", "apt-get")
    apt.update_lists()
    began = time.monotonic()
    with apt.log.open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        Timer(0.7, fcntl.flock, (other, fcntl.LOCK_UN)).start()
        assert apt.install("a").returncode == 0
    assert time.monotonic() - began > 0.7
    assert [*verbs(calls)] == [FINISH, "apt-get install a"]


def test_it_waits_for_somebody_elses_dpkg_and_gives_up_at_last(apt, fakes):
    calls = fakes("dpkg", "apt-get")
    with apt.locks[0].open("w") as other:
        fcntl.lockf(other, fcntl.LOCK_EX)
        run = apt.install("a", wait_s=1)
    assert run.returncode == 1
    assert f"another package installation has held {apt.locks[0]}" in run.stderr
    assert calls() == []
