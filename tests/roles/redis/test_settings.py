"""Redis's settings: two instances, their fork copies, and what is refused."""

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realmfleet.amounts import redis_mb
from realmfleet.budget import budget
from realmfleet.fleet import Fleet
from realmfleet.fleet.services import SERVICES
from realmfleet.fleet.sizes import SIZES
from realmfleet.settings import WishError
from roles.redis.defaults import SECRETS
from roles.redis.instances import USERS
from roles.redis.settings import KNOWN, instances, settings, worst_case_mb

TABLE = {
    # size of a cache droplet: session, leaderboard
    "s-1vcpu-1gb": ("121mb", "80mb"),
    "s-1vcpu-2gb": ("376mb", "250mb"),
    "s-2vcpu-4gb": ("885mb", "590mb"),
    "s-4vcpu-8gb": ("1905mb", "1270mb"),
}


def laid_on(droplet):
    return instances(Fleet("f", (droplet,)), droplet)


@pytest.mark.parametrize("slug", TABLE)
def test_dedicated_droplets(droplet, slug):
    found = tuple(laid["maxmemory"].text for laid in laid_on(droplet(slug, "redis")).values())
    assert found == TABLE[slug]


def test_alpha_solves_the_conflict_of_eviction_and_leaderboards(alpha):
    laid = settings(*alpha())
    names = ("maxmemory", "maxmemory-policy", "port", "appendonly")
    assert {name: laid[f"session.{name}"].text for name in names} == {
        "maxmemory": "71mb",
        "maxmemory-policy": "allkeys-lru",
        "port": "6379",
        "appendonly": "yes",
    }
    assert {name: laid[f"leaderboard.{name}"].text for name in names} == {
        "maxmemory": "47mb",
        "maxmemory-policy": "noeviction",
        "port": "6380",
        "appendonly": "yes",
    }


def test_only_leaderboards_replicate(droplet):
    one = droplet("s-4vcpu-8gb", "redis", name="a", mesh_ip=IPv4Address("10.77.1.1"))
    two = droplet("s-4vcpu-8gb", "redis", name="b", mesh_ip=IPv4Address("10.77.1.2"))
    laid = instances(Fleet("f", (one, two)), one)
    assert laid["session"]["bind"].text == "127.0.0.1"
    assert laid["leaderboard"]["bind"].text == "127.0.0.1 -10.77.1.1"
    assert laid["leaderboard"]["repl-backlog-size"].text == "32mb"


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        ({"sesion": {}}, "Did you mean 'session'"),
        ({"session": {"maxmemry": "1mb"}}, "Did you mean 'maxmemory'"),
        ({"session": {"maxmemory": "2gb"}}, r"session data 2253 \+ session fork copy 2253"),
        ({"session": {"maxmemory": 0}}, "maxmemory 0 means no limit"),
        ({"session": {"maxmemory": "some"}}, "Write it as Redis does"),
        ({"leaderboard": {"maxmemory-policy": "allkeys-lru"}}, "never expires"),
        ({"session": {"requirepass": "x"}}, "own passwords"),
        ({"session": {"protected-mode": "no"}}, "mistake in the ACLs"),
        ({"session": {"bind": "0.0.0.0"}}, "never public"),
    ],
)
def test_refused_wishes(alpha, wishes, says):
    with pytest.raises(WishError, match=says):
        settings(*alpha(redis_settings=wishes))


def test_a_granted_wish(alpha):
    laid = settings(*alpha(redis_settings={"session": {"maxclients": 2000}}))
    assert laid["session.maxclients"].origin == "wish"
    assert laid["leaderboard.maxclients"].text == "1000"


def test_every_setting_is_known_and_every_user_has_a_secret(alpha):
    assert all(set(laid) <= KNOWN for laid in instances(*alpha()).values())
    assert {user.secret for user in USERS} == set(SECRETS)


@given(
    slug=st.sampled_from(sorted(SIZES)),
    services=st.sets(st.sampled_from(sorted(SERVICES))),
    zones=st.integers(0, 60),
    several=st.booleans(),
)
def test_the_worst_case_never_passes_the_share(droplet, slug, services, zones, several):
    one = droplet(slug, *services, "redis", zones=zones)
    if not budget(one).fits:
        return
    other = droplet(slug, "redis", name="other")
    laid = instances(Fleet("f", (one, other) if several else (one,)), one)
    assert worst_case_mb(laid) <= budget(one).share("redis")
    held = sum(redis_mb(values["maxmemory"].value) for values in laid.values())
    assert 0 < held <= one.size.memory_mb * 0.6
