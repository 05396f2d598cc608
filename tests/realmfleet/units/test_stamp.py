"""The stamp: what a unit has seen of its files, so that no restart is lost and none done twice."""

import os
import subprocess

import pytest

from realmfleet.render import render
from realmfleet.units import Unit, watch_list

UNIT = "game.service"


class Stamp:
    """The script with folders of its own, a unit with a file of each kind, and a fake systemctl."""

    def __init__(self, root):
        self.root = root
        self.settings, self.listen = root / "settings", root / "listen"
        for name in ("bin", "lists"):
            (root / name).mkdir()
        self.write("stamp", render("base/stamp.j2"))
        self.reload_will("exit 0")
        self.settings.write_text("work_mem = 4MB\n")
        self.listen.write_text("port = 1\n")
        self.watch(Unit(UNIT, restart=(str(self.listen),), reload=(str(self.settings),)))

    def write(self, name, text):
        path = self.root / "bin" / name
        path.write_text(text)
        path.chmod(0o755)

    def reload_will(self, shell):
        self.write("systemctl", f'#!/bin/sh\necho "$@" >> {self.root}/calls\n{shell}\n')

    def watch(self, unit):
        (self.root / "lists" / unit.name).write_text(watch_list(unit).content)

    @property
    def calls(self):
        path = self.root / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def run(self, *words):
        env = {
            "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}",
            "REALMFLEET_LISTS": str(self.root / "lists"),
            "REALMFLEET_SEEN": str(self.root / "seen"),
        }
        command = [self.root / "bin" / "stamp", *words]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    def owed(self, *units):
        said = self.run("owed", *(units or (UNIT,)))
        assert (said.returncode, said.stderr) == (0, "")
        return said.stdout.splitlines()


@pytest.fixture
def stamp(tmp_path):
    return Stamp(tmp_path)


@pytest.fixture
def started(stamp):
    assert stamp.run("started", UNIT).returncode == 0
    return stamp


def test_a_unit_that_never_started_with_a_stamp_owes_both(stamp):
    assert stamp.owed() == [f"{UNIT} restart", f"{UNIT} reload"]


def test_a_start_pays_everything(started):
    assert started.owed() == []


def test_asking_pays_nothing(stamp):
    assert stamp.owed() == stamp.owed() != []


@pytest.mark.parametrize(("file", "kind"), [("settings", "reload"), ("listen", "restart")])
def test_a_changed_file_owes_what_it_needs(started, file, kind):
    getattr(started, file).write_text("other\n")
    assert started.owed() == [f"{UNIT} {kind}"]


def test_a_file_that_is_put_back_owes_nothing(started):
    started.settings.write_text("other\n")
    started.settings.write_text("work_mem = 4MB\n")
    assert started.owed() == []


def test_a_file_that_goes_or_comes_is_a_change(started):
    started.listen.unlink()
    assert started.owed() == [f"{UNIT} restart"]
    assert started.run("started", UNIT).returncode == 0
    started.listen.write_text("port = 1\n")
    assert started.owed() == [f"{UNIT} restart"]


def test_what_moves_from_one_file_to_another_is_a_change(stamp):
    one, two = stamp.root / "one", stamp.root / "two"
    stamp.watch(Unit(UNIT, restart=(str(one), str(two))))
    one.write_text("a\nb\n")
    two.write_text("")
    stamp.run("started", UNIT)
    one.write_text("a\n")
    two.write_text("b\n")
    assert stamp.owed() == [f"{UNIT} restart"]


def test_a_longer_list_is_a_change(started):
    listen, settings = str(started.listen), str(started.settings)
    started.watch(Unit(UNIT, restart=(listen, "/nonexistent"), reload=(settings,)))
    assert started.owed() == [f"{UNIT} restart"]


def test_a_reload_pays_the_reload_alone(started):
    started.settings.write_text("other\n")
    started.listen.write_text("other\n")
    assert started.run("reload", UNIT).returncode == 0
    assert started.calls == [f"reload {UNIT}"]
    assert started.owed() == [f"{UNIT} restart"]


def test_a_reload_that_fails_stays_owed(started):
    started.reload_will("exit 1")
    started.settings.write_text("other\n")
    assert started.run("reload", UNIT).returncode != 0
    assert started.owed() == [f"{UNIT} reload"]


def test_a_file_that_changes_during_its_reload_stays_owed(started):
    started.settings.write_text("second\n")
    started.reload_will(f"echo third > {started.settings}")
    assert started.run("reload", UNIT).returncode == 0
    assert started.owed() == [f"{UNIT} reload"]


def test_units_are_asked_for_together_and_strangers_owe_nothing(started):
    started.watch(Unit("other.service", restart=(str(started.listen),)))
    assert started.owed(UNIT, "stranger.service", "other.service") == [
        "other.service restart",
        "other.service reload",
    ]


def test_an_instance_of_a_template_has_a_stamp_of_its_own(stamp):
    for instance in ("session", "leaderboard"):
        stamp.watch(Unit(f"redis-server@{instance}.service", restart=(str(stamp.listen),)))
    stamp.run("started", "redis-server@session.service")
    assert stamp.owed("redis-server@session.service") == []
    assert len(stamp.owed("redis-server@leaderboard.service")) == 2


def test_a_unit_without_a_list_can_start(stamp):
    assert stamp.run("started", "stranger.service").returncode == 0


def test_an_unknown_verb_is_refused(stamp):
    said = stamp.run("restarted", UNIT)
    assert (said.returncode, said.stderr) == (2, "stamp: unknown verb restarted\n")
