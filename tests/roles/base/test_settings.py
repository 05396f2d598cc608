"""The kernel's settings: conflicts between tenants are settled once for a droplet."""

from dataclasses import replace
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realmfleet.budget import budget
from realmfleet.fleet import Fleet
from realmfleet.fleet.services import SERVICES
from realmfleet.fleet.sizes import SIZES
from realmfleet.settings import WishError
from roles.base.settings import settings, swap_mb, sysctl, thp


def kernel(droplet, *others):
    return sysctl(Fleet("f", (droplet, *others)), droplet)


@pytest.mark.parametrize(
    ("services", "overcommit", "swappiness"),
    [
        (("redis", "postgres"), "1", "1"),
        (("redis",), "1", "1"),
        (("postgres",), "2", "1"),
        (("zone",), "0", "1"),
        (("api",), "0", "10"),
    ],
)
def test_whoever_lives_here_decides(droplet, services, overcommit, swappiness):
    laid = kernel(droplet("s-2vcpu-4gb", *services))
    assert laid["vm.overcommit_memory"].text == overcommit
    assert laid["vm.overcommit_memory"].origin == "required"
    assert laid["vm.swappiness"].text == swappiness


@pytest.mark.parametrize(
    ("slug", "background_mb", "swap"),
    [
        ("s-1vcpu-512mb-10gb", 16, 512),
        ("s-1vcpu-1gb", 16, 512),
        ("s-2vcpu-4gb", 64, 1024),
        ("s-4vcpu-8gb", 128, 2048),
        ("m-8vcpu-64gb", 256, 2048),
    ],
)
def test_by_size(droplet, slug, background_mb, swap):
    one = droplet(slug, "postgres")
    laid = kernel(one)
    assert laid["vm.dirty_background_bytes"].value == background_mb * 1024**2
    assert laid["vm.dirty_bytes"].value == 4 * background_mb * 1024**2
    assert swap_mb(one) == swap


def test_regions_get_long_fat_links(droplet):
    near = droplet("s-2vcpu-4gb", "api", name="a", mesh_ip=IPv4Address("10.77.1.1"))
    far = replace(near, name="b", region="sfo", mesh_ip=IPv4Address("10.77.3.1"))
    alone, wide = kernel(near), kernel(near, far)
    assert alone["net.core.rmem_max"].value == 4 * 1024**2
    assert wide["net.core.rmem_max"].value == 170 * 125_000
    assert wide["net.ipv4.tcp_congestion_control"].text == "bbr"
    assert "net.ipv4.tcp_congestion_control" not in alone
    assert wide["net.ipv4.ip_nonlocal_bind"].text == "1"


def test_players_packets_wait_for_the_tick(droplet):
    assert "net.core.rmem_default" in kernel(droplet("s-2vcpu-4gb", "zone"))
    assert "net.core.rmem_default" not in kernel(droplet("s-2vcpu-4gb", "api"))


def test_everything_in_one_list(alpha):
    laid = settings(*alpha())
    assert laid["transparent_hugepage"] == thp(alpha()[1])
    assert laid["transparent_hugepage"].text == "madvise"
    assert laid["swap_mb"].value == 1024


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"vmm.swappiness": 5}, "Did you mean 'vm'"),
        ({"swappiness": 5}, "unknown setting"),
        ({"vm.swap piness": 5}, "is no sysctl key"),
        ({"vm.overcommit_memory": 0}, "Redis forks to save"),
    ],
)
def test_refused_wishes(alpha, wish, says):
    with pytest.raises(WishError, match=says):
        sysctl(*alpha(base_sysctl=wish))


def test_a_granted_wish(alpha):
    laid = sysctl(*alpha(base_sysctl={"vm.swappiness": 5}))
    assert (laid["vm.swappiness"].text, laid["vm.swappiness"].origin) == ("5", "wish")


@given(
    slug=st.sampled_from(sorted(SIZES)),
    services=st.sets(st.sampled_from(sorted(SERVICES))),
    zones=st.integers(0, 60),
)
def test_strict_overcommit_still_lets_the_budget_run(droplet, slug, services, zones):
    one = droplet(slug, *services, "postgres", zones=zones)
    divided = budget(one)
    if not divided.fits:
        return
    kernel_side = {"hidden", "kernel", "page cache", "nftables"}
    programs = sum(row.reserved_mb for row in divided.rows if row.tenant not in kernel_side)
    laid = kernel(one)
    if laid["vm.overcommit_memory"].value == 2:
        limit = int(laid["vm.overcommit_kbytes"].value) // 1024 + swap_mb(one)
        assert programs * 1.01 <= limit
