"""The script that speaks the status contract: how long it waits for a zone."""

import os
import subprocess

import pytest

from realmfleet.render import render


@pytest.fixture
def wait():
    """Waits for a zone where nobody answers; its exit code, or that it was still waiting."""

    def wait(pid):
        env = {**os.environ, "STATUS_LISTEN": "127.0.0.1:1", "MAINPID": str(pid)}
        order = ["timeout", "1", "bash", "-c", render("zone/ask.j2"), "zone", "ready"]
        return subprocess.run(order, env=env, capture_output=True, check=False).returncode

    return wait


def test_a_zone_that_has_died_is_not_waited_for(wait):
    child = subprocess.Popen(["true"])
    child.wait()
    assert wait(child.pid) == 1


def test_one_that_lives_is(wait):
    still_waiting = 124
    assert wait(os.getpid()) == still_waiting
