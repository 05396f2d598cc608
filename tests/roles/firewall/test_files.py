"""The rules line by line: what may come, what a data droplet may open, and odd wishes."""

import re
from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from realmfleet.fleet import Fleet
from realmfleet.settings import WishError
from roles.firewall import files

# What every droplet lets in, before anything that was declared.
ALWAYS = (
    "iif lo accept",
    "ct state established,related accept",
    "ct state invalid drop",
    "meta l4proto ipv6-icmp accept",
    "icmp type { destination-unreachable, time-exceeded, parameter-problem } accept",
    "icmp type echo-request limit rate 20/second accept",
    "udp sport 67 udp dport 68 accept",
)


def chain(fleet, droplet, name):
    """(policy, lines less their comments) of one chain."""
    text = files.rules(fleet, droplet).content
    inside = re.search(rf"chain {name} \{{\n(.*?)\n    \}}", text, re.DOTALL).group(1)
    head, *lines = [line.strip() for line in inside.splitlines()]
    policy = re.search(r"policy (\w+);", head).group(1)
    said = [re.sub(r' comment ".*"', "", line) for line in lines if not line.startswith("#")]
    return policy, said


def declared(fleet, droplet):
    policy, lines = chain(fleet, droplet, "input")
    assert policy == "drop"
    assert tuple(lines[: len(ALWAYS)]) == ALWAYS
    return lines[len(ALWAYS) :]


def test_alpha_answers_the_internet_for_players_and_operators_only(alpha):
    assert declared(*alpha()) == [
        "tcp dport 22 accept",
        "tcp dport 80 accept",
        "tcp dport 443 accept",
        "udp dport 7000-7099 accept",
    ]


def test_nothing_is_forwarded(alpha):
    assert chain(*alpha(), "forward") == ("drop", [])


def test_a_data_droplet_opens_only_what_is_named(alpha):
    policy, lines = chain(*alpha(), "output")
    assert policy == "drop"
    assert lines[-3:] != [] and all(" accept" in line for line in lines)
    anybody = [line for line in lines if "dport" in line and "skuid" not in line]
    # Names, time and DHCP; what may fetch from the internet is a user of its own.
    assert not [line for line in anybody if re.search(r"dport (80|443|\{[^}]*(80|443))", line)]


def test_a_droplet_without_data_may_open_what_it_likes(droplet):
    one = droplet("s-4vcpu-8gb", "zone", zones=3)
    assert chain(Fleet("f", (one,)), one, "output") == ("accept", [])


def test_other_droplets_come_by_their_inner_address_and_port(droplet):
    api = droplet("s-2vcpu-4gb", "api", name="api", mesh_ip=IPv4Address("10.77.1.23"))
    db = droplet("s-2vcpu-4gb", "postgres", "pgbouncer", mesh_ip=IPv4Address("10.77.1.24"))
    lines = declared(Fleet("f", (api, replace(db, name="db"))), replace(db, name="db"))
    assert lines == ["tcp dport 22 accept", "ip saddr { 10.77.1.23 } tcp dport 6432 accept"]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (
            {"firewall_ssh_from": ["198.51.100.7"]},
            "ip saddr { 198.51.100.7/32 } tcp dport 22 accept",
        ),
        (
            {"firewall_ssh_from": ["198.51.100.0/24", "203.0.113.9/32"]},
            "ip saddr { 198.51.100.0/24, 203.0.113.9/32 } tcp dport 22 accept",
        ),
        ({"firewall_public": ["udp/25565"]}, "udp dport 25565 accept"),
    ],
)
def test_wishes_for_what_comes_in(alpha, data, line):
    assert line in declared(*alpha(**data))


def test_wishes_for_what_goes_out(alpha):
    _, lines = chain(*alpha(firewall_egress={"root": ["tcp/8443"]}), "output")
    assert lines[-1] == "tcp dport 8443 meta skuid root accept"


@pytest.mark.parametrize(
    ("data", "entry"),
    [
        ({"firewall_ssh_from": ["198.51.100.7/24"]}, "198.51.100.7/24"),
        ({"firewall_ssh_from": ["home"]}, "home"),
        ({"firewall_public": ["tpc/443"]}, "tpc/443"),
        ({"firewall_public": ["tcp/65536"]}, "tcp/65536"),
        ({"firewall_public": ["443"]}, "443"),
        ({"firewall_egress": {"root": ["tcp/0"]}}, "tcp/0"),
    ],
)
def test_odd_wishes_are_refused_by_name(alpha, data, entry):
    with pytest.raises(WishError, match=re.escape(entry)):
        files.rules(*alpha(**data))


def test_only_our_own_table_is_replaced(alpha):
    text = files.rules(*alpha()).content
    assert "flush ruleset" not in text
    assert set(re.findall(r"^(?:delete )?table (.*?)(?: \{)?$", text, re.MULTILINE)) == {
        "inet realmfleet"
    }


def test_no_comment_can_end_its_own_quotes(alpha):
    for line in files.rules(*alpha()).content.splitlines():
        assert line.count('"') in (0, 2)


def test_the_rules_are_readable_by_root_alone(alpha):
    assert files.rules(*alpha()).mode == 0o600
