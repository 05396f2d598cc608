"""Droplets and fleets for pure tests, and how properties are drawn."""

import os
from collections.abc import Callable
from ipaddress import IPv4Address
from typing import Any

import pytest
from hypothesis import settings

from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.services import EVERYWHERE, SERVICES
from realmfleet.fleet.sizes import SIZES

# A busy machine is no reason to fail: only what comes out counts. In CI the same examples are
# drawn every time, so that a red run can be seen again; elsewhere they go on searching.
settings.register_profile("patient", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("patient")

ALPHA = ("haproxy", "api", "zone", "postgres", "pgbouncer", "redis", "prometheus", "alertmanager")

Factory = Callable[..., Droplet]


def make(size: str, *services: str, name: str = "one", zones: int = 0, **more: Any) -> Droplet:
    """A droplet in Singapore; `more` are fields of the model, such as data or mesh_ip."""
    carried = tuple(s for s in SERVICES if s in (*EVERYWHERE, *services))
    roles = {f"{s}_role": "primary" for s in ("postgres", "redis") if s in carried}
    instances = {"forest": zones} if zones else {}
    address = IPv4Address("203.0.113.1")
    fields: dict[str, Any] = {"zones": instances, **roles, **more}
    return Droplet(name, "singapore", SIZES[size], carried, address, **fields)


@pytest.fixture(scope="session")
def droplet() -> Factory:
    """Makes droplets: droplet('s-4vcpu-8gb', 'postgres', data={...})."""
    return make


@pytest.fixture(scope="session")
def alpha() -> Callable[..., tuple[Fleet, Droplet]]:
    """Alpha's one droplet with everything on it, and its fleet; `data` are the wishes."""

    def alpha(**data: Any) -> tuple[Fleet, Droplet]:
        only = make("s-2vcpu-4gb", *ALPHA, name="alpha-1", zones=5, data=data)
        return Fleet("alpha", (only,)), only

    return alpha
