"""Addresses: shared, unusable, unreachable, and those that are nobody's."""

import pytest

from realmfleet.fleet import placeholders

ONE_LINE = {
    "same public address": (
        lambda make: make.changed(2, ssh_hostname="198.18.0.2"),
        "db-1: ssh_hostname: 198.18.0.2 is also the address of db-2. Give each droplet its own.",
    ),
    "same mesh address": (
        lambda make: make.changed(2, mesh_ip="10.77.0.2"),
        "db-1: mesh_ip: 10.77.0.2 is also the address of db-2. Give each droplet its own.",
    ),
    "same SSH name": (
        lambda make: [
            *make.hosts()[:1],
            *make.changed(1, ssh_hostname="db.example.net", public_ip="198.18.0.2")[1:2],
            *make.changed(2, ssh_hostname="db.example.net", public_ip="198.18.0.3")[2:],
        ],
        "db-1: ssh_hostname: db.example.net is also the address of db-2. Give each droplet its"
        " own.",
    ),
    "no inner address": (
        lambda make: [
            make.host(
                "a-1",
                ["singapore"],
                ssh_hostname="198.18.0.1",
                size="s-1vcpu-1gb",
                private_ip="10.0.0.1",
            ),
            make.host(
                "a-2",
                ["singapore"],
                ssh_hostname="198.18.0.2",
                size="s-1vcpu-1gb",
                private_ip="10.0.0.2",
            ),
            make.host(
                "a-3",
                ["singapore", "zone"],
                ssh_hostname="198.18.0.3",
                size="s-1vcpu-1gb",
                zone_instances={"forest": 1, "desert": 1},
            ),
        ],
        "a-3: mesh_ip: no inner address. Add one, for example 10.77.0.2: services listen on it,"
        " not on the public one.",
    ),
    "half in the mesh": (
        lambda make: make.changed(1, drop=["mesh_ip"], private_ip="10.0.0.2"),
        "db-1: mesh_ip: no address in the mesh, and others have one. Add one, for example"
        " 10.77.0.2.",
    ),
    "public address as an inner one": (
        lambda make: make.changed(1, mesh_ip="8.8.8.8"),
        "db-1: mesh_ip: 8.8.8.8 is a public address. Data services would listen on it: take one"
        " from 10.0.0.0/8.",
    ),
    "a tunnel's end as public address": (
        lambda make: make.changed(1, ssh_hostname="127.0.0.1"),
        "db-1: ssh_hostname: 127.0.0.1 is no address of a droplet. Set public_ip to the one"
        " that other machines reach it by.",
    ),
    "odd address": (
        lambda make: make.changed(1, mesh_ip="10.77.0.256"),
        "db-1: mesh_ip: '10.77.0.256' is no IPv4 address. Write it as four numbers, for example"
        " 10.104.0.2.",
    ),
    "IPv6 address": (
        lambda make: make.changed(1, ssh_hostname="2001:db8::1"),
        "db-1: ssh_hostname: '2001:db8::1' is no IPv4 address. Write it as four numbers, for"
        " example 10.104.0.2.",
    ),
    "a DNS name alone": (
        lambda make: make.changed(1, ssh_hostname="db.example.net"),
        "db-1: ssh_hostname: 'db.example.net' is a name, the firewall needs a number. Add its"
        " public_ip beside it.",
    ),
    "no address": (
        lambda make: make.changed(1, drop=["ssh_hostname"]),
        "db-1: ssh_hostname: no address. Set it to the public address.",
    ),
}


@pytest.mark.parametrize(("found", "line"), ONE_LINE.values(), ids=ONE_LINE.keys())
def test_a_mistake_is_one_line_that_names_entry_and_mend(make, found, line):
    assert make.told(found(make)) == [line]


@pytest.mark.parametrize(
    ("address", "count"),
    [("203.0.113.9", 1), ("192.0.2.1", 1), ("198.51.100.255", 1), ("198.18.0.2", 0)],
)
def test_placeholders(make, address, count):
    fleet = make.load(make.changed(1, ssh_hostname=address))
    lines = [str(mistake) for mistake in placeholders(fleet)]
    assert len(lines) == count
    if lines:
        assert lines == [
            f"db-1: ssh_hostname: {address} is a placeholder, not a droplet's address. Put the"
            " real one there, or rehearse: realmfleet rehearse up beta"
        ]


def test_private_networks_are_one_a_region(make):
    found = [
        make.host(
            "a-1",
            ["singapore"],
            ssh_hostname="198.18.0.1",
            size="s-1vcpu-1gb",
            private_ip="10.0.0.1",
            mesh_ip="10.77.0.1",
        ),
        make.host(
            "b-1",
            ["sfo", "zone"],
            ssh_hostname="198.18.0.2",
            size="s-1vcpu-1gb",
            private_ip="10.0.0.1",
            mesh_ip="10.77.0.2",
            zone_instances={"forest": 1, "desert": 1},
        ),
    ]
    fleet = make.load(found)
    assert fleet.regions == ("singapore", "sfo")
    for one in found:
        del one["data"]["mesh_ip"]
    assert make.told(found) == [
        "a-1, b-1: mesh_ip: no address in the mesh, and a private network ends with its region."
        " Add one, for example 10.77.0.2."
    ]
