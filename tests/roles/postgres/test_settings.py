"""PostgreSQL's settings: hand-computed tables, wishes, and what must hold everywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realmfleet.amounts import postgres_mb
from realmfleet.budget import budget
from realmfleet.fleet import Fleet
from realmfleet.fleet.services import SERVICES
from realmfleet.fleet.sizes import SIZES
from realmfleet.settings import ForbiddenError, WishError
from roles.postgres.settings import KNOWN, required, settings, worst_case_mb

TABLE = {
    # size: shared_buffers, effective_cache_size, maintenance, autovacuum, connections, workers
    "s-1vcpu-2gb": ("512MB", "1536MB", "64MB", "16MB", "20", "8"),
    "s-2vcpu-4gb": ("1GB", "3GB", "256MB", "64MB", "50", "9"),
    "s-4vcpu-8gb": ("2GB", "6GB", "512MB", "128MB", "120", "15"),
    "s-8vcpu-16gb": ("4GB", "12GB", "1GB", "256MB", "260", "19"),
    "m-8vcpu-64gb": ("16GB", "48GB", "1GB", "256MB", "400", "19"),
}
NAMES = (
    "shared_buffers",
    "effective_cache_size",
    "maintenance_work_mem",
    "autovacuum_work_mem",
    "max_connections",
    "max_worker_processes",
)

# Two sizes with as many vCPUs, the second one with more memory.
PAIRS = [
    (small.slug, large.slug)
    for small in SIZES.values()
    for large in SIZES.values()
    if small.vcpus == large.vcpus and small.memory_mb < large.memory_mb
]


def tuned(droplet):
    return settings(Fleet("f", (droplet,)), droplet)


@pytest.mark.parametrize("slug", TABLE)
def test_dedicated_droplets(droplet, slug):
    laid = tuned(droplet(slug, "postgres", "pgbouncer"))
    assert tuple(laid[name].text for name in NAMES) == TABLE[slug]


def test_alpha_has_as_much_cache_as_is_safe(alpha):
    laid = settings(*alpha())
    found = tuple(laid[name].text for name in NAMES)
    assert found == ("704MB", "1993MB", "128MB", "32MB", "30", "9")
    assert worst_case_mb(laid) == 1777


@pytest.mark.parametrize(
    ("slug", "most", "least", "kept"),
    [
        ("s-1vcpu-2gb", "2560MB", "640MB", "5GB"),
        ("g-2vcpu-8gb", "1280MB", "320MB", "2GB"),
        ("s-4vcpu-8gb", "4GB", "1GB", "16GB"),
    ],
)
def test_wal_is_bounded_by_the_disk(droplet, slug, most, least, kept):
    laid = tuned(droplet(slug, "postgres"))
    names = ("max_wal_size", "min_wal_size", "max_slot_wal_keep_size")
    assert tuple(laid[name].text for name in names) == (most, least, kept)


def test_loopback_only_where_nobody_else_comes(alpha):
    laid = settings(*alpha())
    assert laid["listen_addresses"].text == "127.0.0.1"
    assert laid["ssl"].text == "off"


@pytest.mark.parametrize(("address", "ssl"), [("mesh_ip", "off"), ("private_ip", "on")])
def test_replicas_come_over_the_inner_address(droplet, address, ssl):
    one = droplet("s-4vcpu-8gb", "postgres", name="a", **{address: "10.77.1.1"})
    two = droplet("s-4vcpu-8gb", "postgres", name="b", **{address: "10.77.1.2"})
    laid = settings(Fleet("f", (one, two)), one)
    assert laid["listen_addresses"].text == "127.0.0.1,10.77.1.1"
    assert laid["ssl"].text == ssl
    assert laid["max_wal_senders"].text == "6"


def test_recommendations_make_room_for_wishes(alpha):
    laid = settings(*alpha(postgres_settings={"max_connections": 60}))
    assert (laid["max_connections"].text, laid["max_connections"].origin) == ("60", "wish")
    assert laid["shared_buffers"].text == "224MB"
    assert worst_case_mb(laid) <= 1806


def test_a_wish_that_does_not_fit_is_refused_with_the_sum(alpha):
    with pytest.raises(WishError) as refused:
        settings(*alpha(postgres_settings={"work_mem": "64MB"}))
    (mistake,) = refused.value.mistakes
    assert mistake.entry == "alpha-1: postgres_settings"
    assert "30 sessions 4" in mistake.what
    assert "1806 MB are its share" in mistake.what


def test_misspelt_wishes_name_the_nearest(alpha):
    with pytest.raises(WishError, match=r"'shared_bufers'. Did you mean 'shared_buffers'\?"):
        settings(*alpha(postgres_settings={"shared_bufers": "1GB"}))


@pytest.mark.parametrize(
    "wish",
    [
        {"fsync": False},
        {"full_page_writes": "off"},
        {"synchronous_commit": "off"},
        {"synchronous_commit": False},
        {"password_encryption": "md5"},
        {"listen_addresses": "*"},
        {"ssl": True},
        {"shared_preload_libraries": "pg_stat_statements"},
        {"data_directory": "/srv"},
        {"log_statement": "all"},
    ],
)
def test_safety_is_not_for_sale(alpha, wish):
    with pytest.raises(ForbiddenError):
        settings(*alpha(postgres_settings=wish))


@pytest.mark.parametrize("wish", [{"work_mem": "8mb"}, {"max_connections": "many"}])
def test_wishes_that_cannot_be_read(alpha, wish):
    with pytest.raises(WishError, match="Write it as PostgreSQL does"):
        settings(*alpha(postgres_settings=wish))


def test_every_setting_is_known_and_has_a_reason(alpha):
    laid = settings(*alpha())
    assert set(laid) <= KNOWN
    assert all(len(setting.reason) > 5 for setting in laid.values())
    assert {s.name for s in required(*alpha())} <= set(laid)


@given(
    slug=st.sampled_from(sorted(SIZES)),
    services=st.sets(st.sampled_from(sorted(SERVICES))),
    zones=st.integers(0, 60),
)
def test_the_worst_case_never_passes_the_share(droplet, slug, services, zones):
    one = droplet(slug, *services, "postgres", zones=zones)
    if not budget(one).fits:
        return
    laid = tuned(one)
    assert worst_case_mb(laid) <= budget(one).share("postgres")
    cores, jobs = one.size.vcpus, int(laid["timescaledb.max_background_workers"].text)
    assert int(laid["max_worker_processes"].text) >= 3 + jobs + cores


@given(
    pair=st.sampled_from(PAIRS),
    services=st.sets(st.sampled_from(sorted(SERVICES))),
    zones=st.integers(0, 20),
)
def test_more_memory_never_means_less_cache(droplet, pair, services, zones):
    less, more = (droplet(slug, *services, "postgres", zones=zones) for slug in pair)
    if not budget(less).fits:
        return
    for name, unit_kb in (("shared_buffers", 8), ("effective_cache_size", 8), ("work_mem", 1)):
        values = [postgres_mb(tuned(one)[name].value, unit_kb) for one in (less, more)]
        assert values == sorted(values)
