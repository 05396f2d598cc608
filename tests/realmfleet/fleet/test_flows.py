"""Who reaches whom on which port: the data tier only from those that use it."""

import pytest

from realmfleet.fleet.flows import FLOWS, INTERNET, inbound, outbound
from realmfleet.fleet.services import SERVICES

BETA = {ip: name for name, ip in (
    ("zone-1", "10.77.1.21"),
    ("zone-2", "10.77.1.22"),
    ("api-1", "10.77.1.23"),
    ("db-1", "10.77.1.24"),
    ("cache-1", "10.77.1.25"),
)}  # fmt: skip

PUBLIC = {"22/tcp": "internet"}
NODE = {"9100/tcp": "api-1"}
STATUS = {"7000-7099/tcp": "api-1"}

INBOUND = {
    "zone-1": {**PUBLIC, **NODE, **STATUS, "7000-7099/udp": "internet"},
    "zone-2": {**PUBLIC, **NODE, **STATUS, "7000-7099/udp": "internet"},
    "api-1": {**PUBLIC, "80/tcp": "internet", "443/tcp": "internet", "8080/tcp": "zone-1 zone-2"},
    "db-1": {**PUBLIC, **NODE, "6432/tcp": "api-1", "9127/tcp": "api-1", "9187/tcp": "api-1"},
    "cache-1": {
        **PUBLIC, **NODE, "6379/tcp": "api-1", "6380/tcp": "api-1",
        "9121/tcp": "api-1", "9122/tcp": "api-1",
    },
}  # fmt: skip

OUTBOUND = {
    "zone-1": {"8080/tcp": "api-1"},
    "zone-2": {"8080/tcp": "api-1"},
    "api-1": {
        "6432/tcp": "db-1", "6379/tcp": "cache-1", "6380/tcp": "cache-1",
        "9100/tcp": "zone-1 zone-2 db-1 cache-1", "9121/tcp": "cache-1", "9122/tcp": "cache-1",
        "9127/tcp": "db-1", "9187/tcp": "db-1", "7000-7099/tcp": "zone-1 zone-2",
    },
    "db-1": {},
    "cache-1": {},
}  # fmt: skip


def port(flow):
    first, last = flow.ports
    return f"{first if first == last else f'{first}-{last}'}/{flow.protocol}"


def names(addresses):
    return " ".join(BETA[str(address)] for address in addresses)


@pytest.mark.parametrize("name", INBOUND)
def test_what_may_reach_a_droplet_of_beta(beta, name):
    openings = inbound(beta, beta.droplet(name))
    assert {port(o.flow): names(o.sources) or "internet" for o in openings} == INBOUND[name]
    assert all(o.flow.public or o.sources for o in openings)


@pytest.mark.parametrize("name", OUTBOUND)
def test_what_a_droplet_of_beta_may_reach(beta, name):
    reached = outbound(beta, beta.droplet(name))
    assert {port(flow): names(targets) for flow, targets in reached} == OUTBOUND[name]


def test_alone_on_its_droplet_nothing_but_the_edge_is_open(alpha):
    openings = inbound(alpha, alpha.droplet("alpha-1"))
    assert {port(o.flow) for o in openings} == {"22/tcp", "80/tcp", "443/tcp", "7000-7099/udp"}
    assert not outbound(alpha, alpha.droplet("alpha-1"))


@pytest.mark.parametrize("name", ["alpha", "beta", "production"])
def test_each_way_in_is_somebodys_way_out(name, request):
    fleet = request.getfixturevalue(name)
    ways_in = {
        (source, droplet.inner_ip, o.flow.ports)
        for droplet in fleet.droplets
        for o in inbound(fleet, droplet)
        for source in o.sources
    }
    ways_out = {
        (droplet.inner_ip, target, flow.ports)
        for droplet in fleet.droplets
        for flow, targets in outbound(fleet, droplet)
        for target in targets
    }
    assert ways_in == ways_out


def test_zones_never_reach_data_nor_another_region(production):
    for zone in production.carrying("zone"):
        for flow, targets in outbound(production, zone):
            assert SERVICES[flow.service].tier != "data"
            near = {d.inner_ip for d in production.droplets if d.region == zone.region}
            assert set(targets) <= near


def test_data_is_never_public():
    for flow in FLOWS:
        assert flow.source in {*SERVICES, INTERNET}
        assert not flow.public or SERVICES[flow.service].tier != "data"
        assert flow.beside is None or flow.beside in SERVICES
