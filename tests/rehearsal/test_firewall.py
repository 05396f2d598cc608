"""Bad firewall rules: they lock us out, undo themselves, and leave everybody else's alone."""

import re
import socket
from ipaddress import ip_network

import pytest

from realmfleet.operations.firewall import ROLLBACK_AFTER_S
from realmfleet.remote.try_firewall import ROLLBACK_UNIT

pytestmark = pytest.mark.rehearsal

# An address that nobody has: with it nobody gets in.
STRANGERS = ("--data", 'firewall_ssh_from=["203.0.113.77"]')
# What a busy machine adds to the timer's own accuracy of a second.
SLACK_S = 5
TABLE = "inet realmfleet"
RULES = "nft -s list table inet realmfleet"
# The last row of pyinfra's results: hosts, succeeded, failed, nothing to do.
TOTAL = re.compile(r"Grand total +(\d+) +(\S+) +(\S+) +(\S+)")


def answers(alpha):
    """Whether SSH answers a new connection."""
    (address,) = alpha.addresses.values()
    try:
        with socket.create_connection((str(address), 22), timeout=1) as connection:
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False


def foreign(alpha):
    """The rules of everybody else, with their handles: loaded anew they have others."""
    tables = [line.removeprefix("table ") for line in alpha.ok("nft list tables").splitlines()]
    others = [table for table in tables if table != TABLE]
    # Docker answers names inside a droplet through a table of its own.
    assert others == ["ip nat"]
    return {table: alpha.ok(f"nft -s -a list table {table}") for table in others}


def kept(alpha):
    """The rules in force, and what a boot would load."""
    return alpha.ok(RULES), alpha.ok("cat /etc/realmfleet/firewall.nft")


def changes(played):
    """How many operations changed something, in a deploy in which none failed."""
    assert played.code == 0, played.stdout + played.stderr
    hosts, succeeded, failed, same = TOTAL.search(played.stdout + played.stderr).groups()
    assert failed == "-"
    done = 0 if succeeded == "-" else int(succeeded)
    assert done + int(same) == int(hosts)
    return done


def test_rules_that_lock_us_out_undo_themselves(deployed_alpha):
    alpha = deployed_alpha
    before, others = kept(alpha), foreign(alpha)
    assert answers(alpha)
    played = alpha.deploy(*STRANGERS)
    assert played.code != 0
    told = played.stdout + played.stderr
    assert "The new rules shut SSH out" in told
    assert f"return within {ROLLBACK_AFTER_S} s. Mend firewall_ssh_from." in told
    assert "Traceback" not in told
    assert "Starting operation: Stage: data" not in told
    # It really did lock us out, and not only say so.
    assert not answers(alpha)
    loaded = float(alpha.ok("stat -c %.3Y /etc/realmfleet/firewall.nft.candidate"))
    while not answers(alpha):
        shut_s = float(alpha.ok("date +%s.%N")) - loaded
        assert shut_s < ROLLBACK_AFTER_S + SLACK_S
    assert kept(alpha) == before
    assert alpha.run("test -e /etc/realmfleet/firewall.nft.candidate").code
    assert foreign(alpha) == others


def test_rules_that_let_us_in_stay_and_nobody_elses_are_touched(deployed_alpha):
    alpha = deployed_alpha
    others, (address,) = foreign(alpha), alpha.addresses.values()
    here = ip_network(f"{address}/24", strict=False)
    asked = ("--data", f'firewall_ssh_from=["{here}"]')
    assert changes(alpha.deploy(*asked)) == 1
    assert f"ip saddr {here} tcp dport 22 accept" in alpha.ok(RULES)
    assert changes(alpha.deploy(*asked)) == 0
    # The way back is disarmed: it does not come later.
    assert alpha.run(f"systemctl is-active {ROLLBACK_UNIT}.timer").code
    assert foreign(alpha) == others
    assert changes(alpha.deploy()) == 1


def test_rules_changed_by_hand_are_put_right(deployed_alpha):
    alpha = deployed_alpha
    before = kept(alpha)
    alpha.ok(f"nft add rule {TABLE} input tcp dport 12345 accept")
    assert changes(alpha.deploy()) == 1
    assert kept(alpha) == before


def test_a_restarted_droplet_is_as_it_was(deployed_alpha):
    alpha = deployed_alpha
    before = kept(alpha)
    alpha.droplet().restart(timeout=60)
    alpha.start()
    assert kept(alpha) == before
    assert list(foreign(alpha)) == ["ip nat"]
    assert changes(alpha.deploy()) == 0
