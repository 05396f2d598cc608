"""PgBouncer's settings: the pool never asks PostgreSQL for more than its part."""

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realmfleet.budget import budget, max_sessions
from realmfleet.fleet import Fleet
from realmfleet.fleet.sizes import SIZES
from realmfleet.settings import ForbiddenError, WishError
from roles.pgbouncer.settings import KNOWN, databases, open_files, settings, users


def test_alpha(alpha):
    laid = settings(*alpha())
    expected = {
        "pool_mode": "transaction",
        "max_client_conn": "1000",
        "default_pool_size": "26",
        "max_db_connections": "26",
        "min_pool_size": "3",
        "query_wait_timeout": "120",
        "server_connect_timeout": "10",
        "listen_addr": "127.0.0.1",
        "auth_type": "scram-sha-256",
    }
    assert {name: laid[name].text for name in expected} == expected
    assert users(*alpha()) == {
        "application": "max_user_connections=23",
        "analytics": "max_user_connections=3",
    }
    assert databases(*alpha()) == {
        name: f"host=/var/run/postgresql port=5432 dbname={name}" for name in ("world", "campaign")
    }
    assert open_files(*alpha()) == 1000 + 26 * 2 * 4 + 100


def test_an_api_elsewhere_reaches_the_inner_address(droplet):
    address = IPv4Address("10.77.1.1")
    one = droplet("s-4vcpu-8gb", "postgres", "pgbouncer", name="a", mesh_ip=address)
    api = droplet("s-1vcpu-1gb", "api", name="b", mesh_ip=IPv4Address("10.77.1.2"))
    assert settings(Fleet("f", (one, api)), one)["listen_addr"].text == "127.0.0.1,10.77.1.1"


def test_two_pools_share_one_server(droplet):
    server = droplet("s-4vcpu-8gb", "postgres", "pgbouncer", name="a", mesh_ip="10.77.1.1")
    pool = droplet("s-1vcpu-1gb", "pgbouncer", name="b", mesh_ip="10.77.1.2")
    fleet = Fleet("f", (server, pool))
    assert settings(fleet, server)["max_db_connections"].text == "54"
    assert settings(fleet, pool)["max_db_connections"].text == "54"
    assert databases(fleet, pool)["world"] == "host=10.77.1.1 port=5432 dbname=world"


def test_a_pool_without_a_server(droplet):
    alone = droplet("s-1vcpu-1gb", "pgbouncer")
    with pytest.raises(WishError, match="a pool without a PostgreSQL"):
        settings(Fleet("f", (alone,)), alone)


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"max_db_connections": 27}, "PostgreSQL keeps 26 sessions for the pool"),
        ({"max_db_connections": 0}, "Write 1 to 26"),
        ({"pool_mod": "session"}, "Did you mean 'pool_mode'"),
        ({"auth_type": "trust"}, "no password crosses the wire"),
        ({"auth_query": "select 1"}, "the pool knows its users"),
        ({"listen_addr": "*"}, "never public"),
    ],
)
def test_refused_wishes(alpha, wish, says):
    with pytest.raises(WishError, match=says):
        settings(*alpha(pgbouncer_settings=wish))


def test_every_setting_is_known(alpha):
    assert set(settings(*alpha())) <= KNOWN


def test_forbidden_is_an_error_of_its_own(alpha):
    with pytest.raises(ForbiddenError):
        settings(*alpha(pgbouncer_settings={"listen_port": 5432}))


@given(slug=st.sampled_from(sorted(SIZES)), zones=st.integers(0, 30))
def test_the_pool_leaves_a_tenth(droplet, slug, zones):
    one = droplet(slug, "postgres", "pgbouncer", zones=zones)
    if not budget(one).fits:
        return
    limits = users(Fleet("f", (one,)), one).values()
    together = sum(int(limit.partition("=")[2]) for limit in limits)
    assert together <= max_sessions(one) * 9 // 10
    assert together <= max_sessions(one) - 4
