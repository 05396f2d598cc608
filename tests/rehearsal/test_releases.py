"""Releases on a droplet: good ones replace each other, bad ones replace nobody."""

import re

import pytest

from tests.rehearsal.builds import GAME, GOOD, ZONE, wish

pytestmark = pytest.mark.rehearsal

CRASHES = '#!/bin/sh\necho "no way to $CAMPAIGN_DATABASE_URL" >&2\nexit 3\n'
HANGS = "#!/bin/sh\necho still thinking\nexec sleep 1000\n"
# Well as a candidate; where the players are, each fails in its own way.
DIES = 'if port == "8080": raise SystemExit("no way to " + os.environ["ZONE_KEY"])\n'
ONLY_BESIDE = GOOD.replace("class Answer", f"{DIES}class Answer")
NEVER_READY = GOOD.replace("send_response(200)", "send_response(200 if port == '8081' else 503)")
ZONE_ONLY_BESIDE = ZONE.replace(
    "time.sleep(1)", 'if "CANDIDATE" not in os.environ: raise SystemExit(4)'
)


@pytest.fixture(scope="module")
def roll_out(deployed_alpha, tmp_path_factory):
    """Deploys a build as the API, or as the zones; the sample returns at the end."""
    folder = tmp_path_factory.mktemp("builds")

    def roll_out(version, text, *options, sha256="", service="api"):
        asked = wish(folder / version, text, service, sha256)
        return deployed_alpha.deploy(*asked, *options, file=GAME)

    yield roll_out
    assert deployed_alpha.deploy(file=GAME).code == 0


def serving(alpha, unit="api", service="api"):
    """A unit's process, and the release from which it runs."""
    links = f"readlink /opt/{service}/current /opt/{service}/verified"
    return alpha.ok(f"systemctl show -P MainPID {unit}; {links}").split()


def left(alpha, service="api"):
    """What a try leaves behind: nothing."""
    look = f"systemctl is-active {service}-candidate; cd /opt/{service}; ls -d candidate upload/*"
    return alpha.run(look).stdout.split()


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


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ONLY_BESIDE, "api.service ended by itself (exit code 1)"),
        (NEVER_READY, "api.service was not ready within 4 s (it answers /ready with 503)"),
    ],
    ids=["crashes", "never-ready"],
)
def test_a_release_that_fails_after_the_switch_is_taken_back(deployed_alpha, roll_out, text, says):
    assert roll_out("2.0.0", GOOD).code == 0
    pid, *before = serving(deployed_alpha)
    told = roll_out("2.3.0", text, "--data", "api_ready_timeout_s=4")
    said = told.stderr + told.stdout
    assert told.code == 1
    assert re.search(f"release 2.3.0-[0-9a-f]{{12}} was switched to, but {re.escape(says)}", said)
    assert re.search("2.0.0-[0-9a-f]{12} was put back and serves again", said)
    assert "no way to (secret)" in said or text != ONLY_BESIDE
    after, *links = serving(deployed_alpha)
    assert (links, left(deployed_alpha)) == (before, ["inactive"])
    assert after not in (pid, "0")
    assert "2.3.0" not in deployed_alpha.ok("ls /opt/api/releases")
    # It owes nothing: the same release again is no change.
    assert roll_out("2.0.0", GOOD, "--data", "api_ready_timeout_s=4").code == 0
    assert serving(deployed_alpha)[0] == after


def test_zones_go_back_with_the_first_that_fails(deployed_alpha, roll_out):
    units = [f"zone@{name}-1" for name in ("forest", "desert", "hub")]
    before = [serving(deployed_alpha, unit, "zone") for unit in units]
    plain = ("--data", "zone_arguments=[]")
    told = roll_out("2.0.0", ZONE_ONLY_BESIDE, *plain, service="zone")
    said = told.stderr + told.stdout
    assert told.code == 1
    assert "was switched to, but zone@forest-1.service ended by itself (exit code 4)" in said
    assert "was put back and serves again" in said
    after = [serving(deployed_alpha, unit, "zone") for unit in units]
    # The others were never touched: their players have noticed nothing.
    assert (after[0][1:], after[1:]) == (before[0][1:], before[1:])
    assert after[0][0] not in (before[0][0], "0")
    assert left(deployed_alpha, "zone") == ["inactive"]


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
