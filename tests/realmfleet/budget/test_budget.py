"""The budget: hand-computed rows, and what must hold for every droplet there can be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realmfleet.budget import budget, check_memory, max_sessions, pool_sessions
from realmfleet.fleet import Fleet
from realmfleet.fleet.services import SERVICES
from realmfleet.fleet.sizes import SIZES

SETS = st.sets(st.sampled_from(sorted(SERVICES)))
ZONES = st.integers(0, 60)
SLUGS = st.sampled_from(sorted(SIZES))
# Two sizes with as many vCPUs (more of them run more workers), the second with more memory.
PAIRS = [
    (small, large)
    for small in SIZES.values()
    for large in SIZES.values()
    if small.vcpus == large.vcpus and small.memory_mb < large.memory_mb
]


def test_alpha_written_out(alpha):
    fleet, droplet = alpha()
    divided = budget(droplet)
    assert {row.tenant: row.reserved_mb for row in divided.rows} == {
        "hidden": 32 + 123,
        "kernel": 32 + 64,
        "page cache": 24 + 85,
        "system": 96,
        "maintenance": 160,
        "nftables": 4,
        "haproxy": 96,
        "api": 128,
        "alertmanager": 64,
        "pgbouncer": 48,
        "node-exporter": 40,
        "postgres-exporter": 40,
        "redis-exporter session": 32,
        "redis-exporter leaderboard": 32,
        "pgbouncer-exporter": 40,
        "zones": 5 * 96,
        "prometheus": 256,
        "candidate": 96,
        "redis": 318,
        "postgres": 1806,
    }
    assert divided.reserved_mb == divided.memory_mb == 4096
    assert divided.fits
    assert list(check_memory(fleet)) == []


@pytest.mark.parametrize(
    ("slug", "postgres", "redis"),
    [
        ("s-1vcpu-2gb", 1396, 1492 - 32),
        ("s-2vcpu-4gb", 3308, 3404 - 32),
        ("s-4vcpu-8gb", 7132, 7228 - 32),
        ("s-8vcpu-16gb", 14779, 14875 - 32),
    ],
)
def test_dedicated_droplets_give_all_that_is_left(droplet, slug, postgres, redis):
    assert budget(droplet(slug, "postgres", "pgbouncer")).share("postgres") == postgres
    assert budget(droplet(slug, "redis")).share("redis") == redis


def test_a_share_is_all_rows_of_a_service(droplet):
    divided = budget(droplet("s-2vcpu-4gb", "postgres"))
    assert divided.share("exporters") == 40 + 40
    with pytest.raises(KeyError):
        divided.share("redis")


def test_too_small_is_refused_with_the_sum_and_a_size_that_fits(droplet):
    small = droplet("s-1vcpu-1gb", "postgres", "redis", zones=4, name="tiny")
    (mistake,) = check_memory(Fleet("f", (small,)))
    assert mistake.entry == "tiny: size"
    assert "1024 MB cannot hold its services" in mistake.what
    assert "redis 160 + postgres 772" in mistake.what
    assert f"{budget(small).reserved_mb} MB = hidden 63 + " in mistake.what
    assert "'s-1vcpu-2gb' ($12 a month)" in mistake.mend


def test_more_zones_than_any_size_holds(droplet):
    (mistake,) = check_memory(Fleet("f", (droplet("s-1vcpu-1gb", "zone", zones=900),)))
    assert "no size holds them" in mistake.mend


@pytest.mark.parametrize(
    ("slug", "sessions", "pool"),
    [("s-1vcpu-2gb", 20, 16), ("s-2vcpu-4gb", 50, 45), ("s-4vcpu-8gb", 120, 108)],
)
def test_sessions_of_a_database_droplet(droplet, slug, sessions, pool):
    database = droplet(slug, "postgres", "pgbouncer")
    assert (max_sessions(database), pool_sessions(database)) == (sessions, pool)


def test_wished_sessions_count(alpha):
    _, droplet = alpha(postgres_settings={"max_connections": 50})
    assert (max_sessions(droplet), pool_sessions(droplet)) == (50, 45)


@given(slug=SLUGS, services=SETS, zones=ZONES)
def test_it_fits_or_is_refused(droplet, slug, services, zones):
    one = droplet(slug, *services, zones=zones)
    divided = budget(one)
    mistakes = list(check_memory(Fleet("f", (one,))))
    assert divided.fits == (not mistakes)
    assert divided.fits == (divided.reserved_mb <= divided.memory_mb)
    assert all(0 <= row.expected_mb <= row.reserved_mb > 0 for row in divided.rows)
    assert len({row.tenant for row in divided.rows}) == len(divided.rows)


@given(services=SETS, zones=ZONES, pair=st.sampled_from(PAIRS))
def test_more_memory_never_takes_from_anybody(droplet, services, zones, pair):
    small, large = pair
    one = droplet(small.slug, *services, zones=zones)
    less, more = budget(one), budget(replace(one, size=large))
    for service in one.services:
        if any(row.service == service for row in less.rows):
            assert less.share(service) <= more.share(service)
    assert more.fits or not less.fits


@given(slug=SLUGS, services=SETS, zones=st.integers(0, 20))
def test_one_zone_more_gives_nobody_more(droplet, slug, services, zones):
    less, more = (
        budget(droplet(slug, *services, "zone", "postgres", zones=count))
        for count in (zones + 1, zones)
    )
    assert less.share("postgres") <= more.share("postgres")
