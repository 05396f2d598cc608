"""Ports from outside: what answers is declared, what is declared and deployed answers."""

import pytest

from realmfleet.inventory import read_fleet
from realmfleet.verify.ports import judge_ports, public_ports

LISTENING = """LISTEN 0      128          0.0.0.0:22        0.0.0.0:*
LISTEN 0      60         127.0.0.1:5432      0.0.0.0:*
LISTEN 0      5                  *:5555            *:*
LISTEN 0      128             [::]:22           [::]:*
"""


@pytest.fixture(scope="module")
def alpha():
    return read_fleet("alpha")


def sights(**seen):
    """A look that sees these ports as told, and no other."""
    return lambda _, ports: {port: seen.get(f"_{port}", "silent") for port in sorted(ports)}


def judged(fleet, look, declared=(22, 80, 443), due=(22,)):
    droplet = fleet.droplets[0]
    return judge_ports(droplet, frozenset(declared), frozenset(due), look, LISTENING)


def test_public_ports_follow_from_the_flows(alpha):
    droplet = alpha.droplets[0]
    assert public_ports(alpha, droplet, ["base"]) == ({22, 80, 443}, {22})
    assert public_ports(alpha, droplet, ["base", "haproxy"]) == ({22, 80, 443}, {22, 80, 443})


def test_all_is_well(alpha):
    verdict = judged(alpha, sights(_22="open", _80="closed"))
    assert verdict.faults == ()
    assert verdict.said.endswith("ports tried, answering: 22")


@pytest.mark.parametrize(
    ("look", "fault"),
    [
        (sights(_22="open", _5555="open"), ":5555 answers from outside"),
        (sights(_22="open", _5432="open"), ":5432 answers from outside"),
        (sights(_22="open", _27017="closed"), ":27017 is let through"),
        (sights(), ":22 is silent from here, it must answer"),
        (sights(_22="closed"), ":22 is closed from here, it must answer"),
    ],
)
def test_each_fault(alpha, look, fault):
    (found,) = judged(alpha, look).faults
    assert fault in found


def test_no_answer_is_no_answer(alpha):
    with pytest.raises(ValueError, match="nothing listens"):
        judge_ports(alpha.droplets[0], frozenset(), frozenset(), sights(), "ss: not found")
