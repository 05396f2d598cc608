"""A rollout that is killed ends, by the next deploy, with the declared release and nothing else."""

import pytest

from realmfleet.fleet.game import API_PORT
from realmfleet.verify.releases import http
from tests.rehearsal.builds import GAME, GOOD, ZONE, wish
from tests.rehearsal.kills import converges, deploys, the_deploy, the_droplet

pytestmark = [pytest.mark.rehearsal, pytest.mark.long]

# Thinks for a while before it serves: long enough to be seen, and to be killed beside.
THINKS_S = 6
SLOW = GOOD.replace("host, port", f"import time; time.sleep({THINKS_S})\nhost, port", 1)
TRIED = "systemctl is-active -q api-candidate"
# The program's process is there, and it has switched to a release that has yet to answer.
SWITCHED = '[ "$(readlink /opt/api/current)" != "$(readlink /opt/api/verified)" ]'
PROGRAM = "pgrep -xf 'python3 -I -'"
LINKS = "cd /opt/api; readlink current verified; ls -d candidate .[cpv]*.new upload/* releases/.*-*"


@pytest.fixture
def rolled(deployed_alpha):
    """The sample serves before each story, and after it."""
    assert deployed_alpha.deploy(file=GAME).code == 0
    yield deployed_alpha
    assert deployed_alpha.deploy(file=GAME).code == 0


def the_program(alpha):
    """SIGKILL for what works on the droplet; the deploy itself sees it fail, and says so."""

    def the_program(child):
        alpha.ok(f"kill -9 $({PROGRAM})")
        assert child.wait(60) == 1

    return the_program


def pyinfra(_alpha):
    return the_deploy


@pytest.mark.parametrize(
    ("sight", "kill"),
    [
        (TRIED, pyinfra),
        (TRIED, the_program),
        (TRIED, the_droplet),
        (SWITCHED, pyinfra),
        (SWITCHED, the_program),
        (SWITCHED, the_droplet),
    ],
    ids=[
        f"{who}-{where}"
        for where in ("tried", "switched")
        for who in ("pyinfra", "program", "droplet")
    ],
)
def test_a_killed_rollout_converges(rolled, tmp_path, sight, kill):
    before = rolled.ok("readlink /opt/api/current")
    asked = wish(tmp_path / "5.0.0", SLOW)
    with deploys(rolled, tmp_path / "told") as deploy_until:
        deploy_until(sight, kill(rolled), *asked, file=GAME)
    converges(rolled, *asked)
    current, verified, *left = rolled.run(LINKS).stdout.split()
    assert (current, left) == (verified, [])
    assert current.startswith("releases/5.0.0-")
    assert rolled.ok("readlink /opt/api/previous") == before
    assert rolled.run("systemctl is-active api-candidate").stdout.strip() == "inactive"
    assert '{"version": "5.0.0"}' in rolled.ok(http("127.0.0.1", API_PORT, "/version"))


# Two of five zones run the new release, and the third is about to.
PROCESSES = "$(systemctl show -P MainPID 'zone@*' | sed '/^$/d; s|.*|/proc/&/environ|')"
HALF_WAY = f"[ $(grep -l RELEASE=6.0.0 {PROCESSES} 2>/dev/null | wc -l) -ge 2 ]"


@pytest.mark.parametrize("kill", [the_program, the_droplet], ids=["program", "droplet"])
def test_zones_that_were_half_replaced_converge(rolled, tmp_path, kill):
    asked = wish(tmp_path / "6.0.0", ZONE, "zone")
    with deploys(rolled, tmp_path / "told") as deploy_until:
        deploy_until(HALF_WAY, kill(rolled), *asked, file=GAME)
    converges(rolled, *asked)
    current, verified, *left = rolled.run(LINKS.replace("api", "zone")).stdout.split()
    assert (current, left) == (verified, [])
    assert current.startswith("releases/6.0.0-")
    assert rolled.run("systemctl is-active zone-candidate").stdout.strip() == "inactive"
    assert rolled.ok(f"grep -l RELEASE=6.0.0 {PROCESSES} | wc -l") == "5"
