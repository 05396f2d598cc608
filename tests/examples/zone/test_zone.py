"""The sample's zone server and its bots: scripts, parts, and a short play."""

import pytest

pytestmark = pytest.mark.rehearsal

EVERYTHING = "for f in *.gd; do godot3-server --path . --check-only -s $f || exit 1; done"


@pytest.fixture(params=["zone", "bots"])
def project(request):
    return request.param


def test_scripts_parse(machine, project):
    """The engine runs on with a script that it cannot parse: nobody else would notice."""
    command = ["sh", "-c", f"cd /srv/game/{project} && {EVERYTHING}"]
    answer = machine.exec_run(command, environment={"HOME": "/var/tmp"})
    assert answer.exit_code == 0, answer.output.decode()


def test_parts_alone(machine):
    machine.exec_run(["mkdir", "-p", "/var/tmp/scratch"])
    answer = machine.exec_run(
        ["timeout", "30", "godot3-server", "--path", "/srv/game/zone", "-s", "/srv/unit.gd"],
        environment={"HOME": "/var/tmp", "SCRATCH": "/var/tmp/scratch"},
    )
    assert answer.exit_code == 0, answer.output.decode()


def test_bots_play(zone, api):
    api.too_many = 3
    code, said, errors = zone.bots(10, 4).end()
    assert code == 0, (said, errors)
    assert (said["connected"], said["disconnects"], said["http_5xx"]) == (10, 0, 0)
    assert said["saves_sent"] == said["saves_acknowledged"] >= 10
    assert said["http_later"] == 3
    for one in said["characters"]:
        assert api.newest(one["id"])["seq"] >= one["last_seq"] > 0
