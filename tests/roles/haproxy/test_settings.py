"""The edge's settings: what its memory holds, what is refused, who stands behind it."""

from dataclasses import replace
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realmfleet.budget import budget
from realmfleet.fleet import Fleet
from realmfleet.fleet.services import SERVICES
from realmfleet.fleet.sizes import SIZES
from realmfleet.inventory import read_fleet
from realmfleet.settings import WishError
from roles.haproxy import runtime
from roles.haproxy.backends import Server, metrics_ip, servers
from roles.haproxy.settings import GLOBAL, settings, worst_case_mb


def test_alpha_holds_two_thousand_clients(alpha):
    laid = settings(*alpha())
    assert {name: laid[name].text for name in ("maxconn", "nbthread", "retries")} == {
        "maxconn": "2000",
        "nbthread": "2",
        "retries": "8",
    }
    # 18 + 50,000 x 160 B + 2,000 x 35 KB
    assert worst_case_mb(laid) == 18 + 8 + 69
    assert set(laid) >= GLOBAL


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"haproxy_settings": {"maxcon": 1}}, "Did you mean 'maxconn'"),
        ({"haproxy_settings": {"maxconn": 4000}}, r"process 18 \+ clients' counters 8 \+ TLS sess"),
        ({"haproxy_settings": {"maxconn": 0}}, "maxconn is 0. Write a whole number"),
        ({"haproxy_settings": {"maxconn": "many"}}, "maxconn is 'many'"),
        ({"haproxy_settings": {"retries": True}}, "retries is True"),
        ({"haproxy_settings": {"timeout queue": 5}}, "Write a time with its unit"),
        ({"haproxy_settings": {"hard-stop-after": "soon"}}, "Write a time with its unit"),
        ({"haproxy_settings": {"user": "root"}}, "nobody in particular"),
        ({"haproxy_settings": {"ssl-default-bind-options": ""}}, "known to be broken"),
        ({"haproxy_settings": {"retry-on": "all-retryable-errors"}}, "nothing runs twice"),
        ({"haproxy_settings": {"timeout client": "3s\n bind :1"}}, "a time with its unit"),
        ({"haproxy_rate_limit": 3}, "3 requests in 10 s. One log-in asks 8 things"),
        ({"haproxy_ready_path": "ready"}, "'ready' is no path"),
        ({"haproxy_ready_path": "/a hdr X y"}, "is no path"),
        ({"haproxy_domains": ["https://api.example.com"]}, "is no DNS name"),
        ({"haproxy_domains": [3]}, "3 is no DNS name"),
    ],
)
def test_refused_wishes(alpha, data, says):
    with pytest.raises(WishError, match=says):
        settings(*alpha(**data))


def test_a_granted_wish(alpha):
    laid = settings(*alpha(haproxy_settings={"timeout server": "2m", "maxconn": 500}))
    assert (laid["timeout server"].text, laid["timeout server"].origin) == ("2m", "wish")
    assert laid["maxconn"].text == "500"


@given(
    slug=st.sampled_from(sorted(SIZES)),
    services=st.sets(st.sampled_from(sorted(SERVICES))),
    zones=st.integers(0, 60),
)
def test_the_worst_case_never_passes_the_share(droplet, slug, services, zones):
    one = droplet(slug, *services, "haproxy", zones=zones)
    assert worst_case_mb(settings(Fleet("f", (one,)), one)) <= budget(one).share("haproxy")


def test_a_neighbour_is_asked_over_loopback(alpha):
    fleet, droplet = alpha()
    assert servers(fleet, droplet) == (Server("alpha-1", "127.0.0.1", 8080),)
    assert metrics_ip(fleet, droplet) == "127.0.0.1"


def test_an_api_that_others_ask_too_is_asked_where_it_listens():
    fleet = read_fleet("beta")
    assert servers(fleet, fleet.droplet("api-1")) == (Server("api-1", "10.77.1.23", 8080),)
    assert metrics_ip(fleet, fleet.droplet("api-1")) == "127.0.0.1"


def test_an_edge_asks_its_own_region_and_tells_the_monitor():
    fleet = read_fleet("production")
    behind = {d.name: [s.name for s in servers(fleet, d)] for d in fleet.carrying("haproxy")}
    assert behind == {
        "sgp-lb-1": ["sgp-api-1", "sgp-api-2", "sgp-api-3"],
        "fra-lb-1": ["fra-api-1", "fra-api-2"],
        "sfo-lb-1": ["sfo-api-1", "sfo-api-2"],
    }
    assert metrics_ip(fleet, fleet.droplet("fra-lb-1")) == "10.77.2.10"


def test_an_edge_without_an_api_has_nobody_behind_it(droplet):
    one = droplet("s-2vcpu-4gb", "haproxy")
    other = replace(one, name="two", services=("api",), region="sfo", mesh_ip=IPv4Address(1))
    assert servers(Fleet("f", (one, other)), one) == ()


def test_what_is_said_to_a_running_edge():
    ask = "/usr/local/lib/realmfleet/haproxy-ask"
    assert runtime.drain("api-1") == f"{ask} 'set server api/api-1 state drain'"
    assert runtime.undrain("api-1") == f"{ask} 'set server api/api-1 state ready'"
    switch = "set map /etc/haproxy/realmfleet/switches.map maintenance"
    assert runtime.maintenance(on=True) == f"{ask} '{switch} on'"
    assert runtime.maintenance(on=False) == f"{ask} '{switch} off'"
    assert runtime.requests_left("api-1").startswith(f"{ask} 'show stat' | awk")
