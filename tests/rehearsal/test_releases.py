"""Releases of the API on a droplet: good ones replace each other, bad ones replace nobody."""

import hashlib
import json
import re

import pytest

pytestmark = pytest.mark.rehearsal

GAME = "deploys/game.py"
# A stand-in for the API: ready at once, and its release and knobs can be read from outside.
GOOD = """#!/usr/bin/python3
import http.server, json, os
host, port = os.environ["LISTEN"].rsplit(":", 1)
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"version": os.environ["RELEASE"]}).encode())
    do_PUT = do_GET
http.server.ThreadingHTTPServer((host, int(port)), Answer).serve_forever()
"""
CRASHES = '#!/bin/sh\necho "no way to $CAMPAIGN_DATABASE_URL" >&2\nexit 3\n'
HANGS = "#!/bin/sh\necho still thinking\nexec sleep 1000\n"


@pytest.fixture(scope="module")
def roll_out(deployed_alpha, tmp_path_factory):
    """Deploys a build as the API; the sample returns at the end."""
    folder = tmp_path_factory.mktemp("builds")

    def roll_out(version, text, *options, sha256=""):
        path = folder / version
        path.write_text(text)
        digest = sha256 or hashlib.sha256(text.encode()).hexdigest()
        entry = {"path": str(path), "version": version, "sha256": digest}
        wish = ("--data", f"api_artifact={json.dumps(entry)}", *options)
        return deployed_alpha.deploy(*wish, file=GAME)

    yield roll_out
    assert deployed_alpha.deploy(file=GAME).code == 0


def serving(alpha):
    """The API's process, and the release from which it runs."""
    said = alpha.ok("systemctl show -P MainPID api; readlink /opt/api/current /opt/api/verified")
    return said.split()


def test_a_good_release_serves_and_a_second_deploy_changes_nothing(deployed_alpha, roll_out):
    assert roll_out("2.0.0", GOOD).code == 0
    pid, current, verified = serving(deployed_alpha)
    assert current == verified
    assert "2.0.0-" in current
    again = roll_out("2.0.0", GOOD)
    assert re.search(r"Grand total +(\d+) +- +- +\1 ", again.stdout + again.stderr)
    assert serving(deployed_alpha)[0] == pid


@pytest.mark.parametrize(
    ("text", "says"),
    [(CRASHES, "ended by itself (exit code 3)"), (HANGS, "was not ready within 4 s")],
    ids=["crashes", "hangs"],
)
def test_a_bad_release_is_refused_and_the_old_one_keeps_serving(
    deployed_alpha, roll_out, text, says
):
    assert roll_out("2.0.0", GOOD).code == 0
    before = serving(deployed_alpha)
    told = roll_out("2.1.0", text, "--data", "api_ready_timeout_s=4")
    assert told.code == 1
    assert says in told.stderr + told.stdout
    assert "keeps running, untouched" in told.stderr + told.stdout
    assert "postgres://application:(secret)@" in told.stderr + told.stdout or text != CRASHES
    assert serving(deployed_alpha) == before
    assert "2.1.0" not in deployed_alpha.ok("ls /opt/api/releases")


def test_a_wrong_checksum_is_refused_before_any_contact(roll_out):
    told = roll_out("2.2.0", GOOD, sha256="a" * 64)
    assert told.code == 1
    assert "Refused before any droplet was contacted" in told.stderr
    assert "asked aaaaaaaaaaaa" in told.stderr


def test_a_changed_configuration_restarts_once(deployed_alpha, roll_out):
    assert roll_out("2.0.0", GOOD).code == 0
    before = serving(deployed_alpha)
    pets = ("--data", 'api_environment={"PETS": "a$b"}')
    assert roll_out("2.0.0", GOOD, *pets).code == 0
    after = serving(deployed_alpha)
    assert (after[0] != before[0], after[1:]) == (True, before[1:])
    environment = deployed_alpha.ok(f"tr '\\0' '\\n' < /proc/{after[0]}/environ")
    assert "PETS=a$b" in environment.splitlines()
    assert roll_out("2.0.0", GOOD, *pets).code == 0
    assert serving(deployed_alpha) == after


def test_a_switch_that_was_killed_is_finished_by_the_next_run(deployed_alpha, roll_out):
    """As a program leaves it that died between the switch and the restart."""
    assert roll_out("2.0.0", GOOD).code == 0
    assert roll_out("3.0.0", GOOD + "# three\n").code == 0
    pid, three, _ = serving(deployed_alpha)
    two = deployed_alpha.ok("readlink /opt/api/previous")
    deployed_alpha.ok(f"cd /opt/api && ln -sfn {two} current")
    assert roll_out("3.0.0", GOOD + "# three\n").code == 0
    assert serving(deployed_alpha)[1:] == [three, three]
    # Its process had never left: nothing had to restart.
    assert serving(deployed_alpha)[0] == pid
