"""Zone instances, their ports, and where the game's processes answer."""

from dataclasses import replace

from realmfleet.fleet.flows import ZONE_PORTS
from realmfleet.fleet.game import ZoneInstance, api_of, listen_ip, zone_instances
from realmfleet.inventory import read_fleet


def names(fleet, droplet):
    return [instance.name for instance in zone_instances(fleet.droplet(droplet))]


def test_alpha_answers_on_loopback_alone():
    fleet = read_fleet("alpha")
    (droplet,) = fleet.droplets
    assert zone_instances(droplet)[:2] == (
        ZoneInstance("forest-1", "forest", 7000),
        ZoneInstance("desert-1", "desert", 7001),
    )
    assert len(zone_instances(droplet)) == 5
    assert listen_ip(fleet, droplet, "api") == listen_ip(fleet, droplet, "zone") == "127.0.0.1"
    assert api_of(fleet, droplet) == "127.0.0.1:8080"


def test_on_beta_others_ask_over_the_inner_address():
    fleet = read_fleet("beta")
    assert listen_ip(fleet, fleet.droplet("api-1"), "api") == "10.77.1.23"
    assert listen_ip(fleet, fleet.droplet("zone-1"), "zone") == "10.77.1.21"
    assert api_of(fleet, fleet.droplet("zone-2")) == "10.77.1.23:8080"


def test_an_instance_has_its_name_alone_in_its_region():
    fleet = read_fleet("beta")
    assert names(fleet, "zone-1") == ["forest-1", "desert-1", "hub-1"]
    assert names(fleet, "zone-2") == ["mountain-1", "volcanic-1", "hub-2"]
    fleet = read_fleet("production")
    for region in fleet.regions:
        carriers = [d.name for d in fleet.carrying("zone") if d.region == region]
        found = [name for droplet in carriers for name in names(fleet, droplet)]
        assert len(found) == len(set(found)) > 4


def test_a_further_instance_leaves_the_ports_of_the_others():
    fleet = read_fleet("alpha")
    (droplet,) = fleet.droplets
    one, two = ({"forest": count, "hub": 1} for count in (1, 2))
    before = zone_instances(replace(droplet, zones=one))
    after = zone_instances(replace(droplet, zones=two))
    assert after == (*before, ZoneInstance("forest-2", "forest", 7002))


def test_zones_ask_the_apis_of_their_region_in_turn():
    fleet = read_fleet("production")
    game = fleet.droplet("sgp-game-1")
    assert len({api_of(fleet, game, place) for place in range(6)}) == 3
    assert api_of(fleet, fleet.droplet("sfo-game-1"), 4) == "10.77.3.11:8080"


def test_every_port_is_one_that_the_flow_opens():
    fleet = read_fleet("production")
    for droplet in fleet.carrying("zone"):
        ports = [instance.port for instance in zone_instances(droplet)]
        assert len(ports) == len(set(ports)) == droplet.zone_instances
        assert all(ZONE_PORTS[0] <= port <= ZONE_PORTS[1] for port in ports)
