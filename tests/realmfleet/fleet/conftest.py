"""The three fleets of this repository as pyinfra reads them, and a small one to spoil."""

from types import SimpleNamespace

import pytest

from realmfleet.fleet import FleetError, load_fleet
from realmfleet.inventory import read_fleet

DEFAULTS = {"postgres_settings": {}, "redis_pages": 4, "anything": None, "api_factor": 1.0}
ZONES = {"fleet_zones": ["forest", "desert"]}


def host(name, groups, **data):
    return {"name": name, "groups": [*groups, "beta"], "data": {**ZONES, **data}}


def hosts():
    """A fleet of three that has no mistake."""
    return [
        host(
            "zone-1",
            ["singapore", "zone"],
            ssh_hostname="198.18.0.1",
            mesh_ip="10.77.0.1",
            size="s-4vcpu-8gb",
            zone_instances={"forest": 1, "desert": 2},
        ),
        host(
            "db-1",
            ["singapore", "postgres", "pgbouncer"],
            ssh_hostname="198.18.0.2",
            mesh_ip="10.77.0.2",
            size="s-2vcpu-4gb",
            postgres_role="primary",
        ),
        host(
            "db-2",
            ["singapore", "postgres", "pgbouncer"],
            ssh_hostname="198.18.0.3",
            mesh_ip="10.77.0.3",
            size="s-2vcpu-4gb",
            postgres_role="standby",
        ),
    ]


def changed(index, *, drop=(), groups=None, name=None, **data):
    found = hosts()
    merged = {k: v for k, v in {**found[index]["data"], **data}.items() if k not in drop}
    found[index] = {
        "name": name or found[index]["name"],
        "groups": groups or found[index]["groups"],
        "data": merged,
    }
    return found


def told(found, name="beta"):
    """The lines that a wrong inventory earns."""
    with pytest.raises(FleetError) as caught:
        load_fleet(name, found, DEFAULTS)
    return str(caught.value).splitlines()


def load(found, name="beta"):
    return load_fleet(name, found, DEFAULTS)


@pytest.fixture(scope="session")
def make():
    """Inventories to spoil, as pyinfra prints them: make.hosts(), make.changed(1, size='x')."""
    return SimpleNamespace(host=host, hosts=hosts, changed=changed, told=told, load=load)


@pytest.fixture(scope="session")
def alpha():
    return read_fleet("alpha")


@pytest.fixture(scope="session")
def beta():
    return read_fleet("beta")


@pytest.fixture(scope="session")
def production():
    return read_fleet("production")
