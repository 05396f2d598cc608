"""A further deploy asks a droplet in few execs, and still sees every change made by hand."""

import re

import pytest

pytestmark = pytest.mark.rehearsal

EXEC = re.compile(r"Running command on alpha-1: ")

# What somebody did by hand -> how it can be seen, and what that says once it is mended.
RULES = "/etc/realmfleet/firewall.nft"
BACKLOG = "sysctl -n net.core.somaxconn"
BY_HAND = {
    "systemctl stop redis-server@session": ("systemctl is-active redis-server@session", "active"),
    f"echo '# odd' >> {RULES}": (f"grep -c odd {RULES}", "0"),
    "sysctl -qw net.core.somaxconn=77": (f"[ $({BACKLOG}) = 77 ]; echo $?", "1"),
}


def test_nothing_to_do_is_a_few_execs(deployed_alpha):
    deployed_alpha.deploy()
    outcome = deployed_alpha.deploy("--debug")
    execs = len(EXEC.findall(outcome.stdout + outcome.stderr))
    stages = 2 + (outcome.stdout + outcome.stderr).count("Starting operation: Stage:")
    assert 1 <= execs <= stages, f"{execs} execs"


@pytest.mark.parametrize("change", BY_HAND)
def test_a_change_by_hand_is_seen(deployed_alpha, change):
    deployed_alpha.ok(change)
    assert deployed_alpha.deploy().code == 0
    look, wanted = BY_HAND[change]
    assert deployed_alpha.run(look).stdout.strip() == wanted
