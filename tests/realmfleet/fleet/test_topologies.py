"""The three topologies: who is there, where, of which size, for how much a month."""

from collections import Counter

import pytest

from realmfleet.fleet.regions import REGIONS, ROUND_TRIPS_MS
from realmfleet.fleet.services import EVERYWHERE, SERVICES
from realmfleet.fleet.sizes import SIZES

ZONES = ("forest", "desert", "mountain", "volcanic", "hub")


def test_alpha_is_one_droplet_with_everything(alpha):
    (droplet,) = alpha.droplets
    assert (droplet.region, droplet.size.slug, alpha.price_usd) == ("singapore", "s-2vcpu-4gb", 24)
    assert droplet.services == tuple(SERVICES)
    assert droplet.zones == dict.fromkeys(ZONES, 1)
    assert droplet.holds_data


def test_beta_is_split_by_task(beta):
    assert beta.price_usd == 48 + 48 + 24 + 24 + 12
    assert {d.name: (d.size.vcpus, d.size.memory_mb) for d in beta.droplets} == {
        "zone-1": (4, 8192),
        "zone-2": (4, 8192),
        "api-1": (2, 4096),
        "db-1": (2, 4096),
        "cache-1": (1, 2048),
    }
    assert [d.name for d in beta.droplets if d.holds_data] == ["db-1", "cache-1"]
    assert beta.primary("postgres") is beta.droplet("db-1")
    assert beta.primary("redis") is beta.droplet("cache-1")
    assert beta.droplet("zone-1").zone_instances == 3


def test_production_is_26_droplets_in_three_regions(production):
    assert len(production.droplets) == 26
    assert production.regions == ("singapore", "frankfurt", "sfo")
    counts = Counter((d.region, s) for d in production.droplets for s in d.services)
    told = {
        region: tuple(counts[region, s] for s in ("haproxy", "api", "zone", "postgres", "redis"))
        for region in production.regions
    }
    assert told == {
        "singapore": (1, 3, 3, 2, 2),
        "frankfurt": (1, 2, 2, 1, 1),
        "sfo": (1, 2, 2, 1, 1),
    }
    assert production.primary("postgres").name == "sgp-db-1"
    assert production.droplet("sgp-db-2").postgres_role == "standby"
    assert production.price_usd == 1704


@pytest.mark.parametrize("name", ["alpha", "beta", "production"])
def test_every_zone_has_a_host_and_every_droplet_the_basics(name, request):
    fleet = request.getfixturevalue(name)
    assert set(fleet.zones) == set(ZONES) == {z for d in fleet.droplets for z in d.zones}
    assert all(d.carries(service) for d in fleet.droplets for service in EVERYWHERE)
    assert not fleet.rehearsed


def test_every_pair_of_regions_has_a_round_trip():
    pairs = {frozenset({a, b}) for a in REGIONS for b in REGIONS if a != b}
    assert set(ROUND_TRIPS_MS) == pairs
    assert ROUND_TRIPS_MS[frozenset({"singapore", "frankfurt"})] == 160


def test_a_slug_says_what_it_gives():
    for slug, size in SIZES.items():
        assert slug == size.slug
        if "vcpu" in slug:
            assert f"-{size.vcpus}vcpu-" in slug
        memory = f"{size.memory_mb // 1024}gb" if size.memory_mb >= 1024 else f"{size.memory_mb}mb"
        assert memory in slug or slug.startswith("c-")


def test_a_droplet_that_is_not_there(alpha):
    with pytest.raises(KeyError):
        alpha.droplet("alpha-2")
