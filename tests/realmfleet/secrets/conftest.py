"""A store of its own for each test, and a fleet that needs secrets."""

from ipaddress import IPv4Address

import pytest

from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.sizes import SIZES
from realmfleet.secrets import Store
from realmfleet.secrets.keys import ensure_identity, ensure_recipients
from realmfleet.secrets.place import Place


@pytest.fixture
def place(tmp_path):
    """Sealed for one operator, as in a repository."""
    folder = tmp_path / "repository" / "secrets"
    place = Place(folder / "beta.age", tmp_path / "home" / "id.txt", folder / "recipients.txt")
    ensure_identity(place.identity)
    ensure_recipients(place.recipients, place.identity)
    return place


@pytest.fixture
def store(place):
    return Store(place)


@pytest.fixture
def fleet():
    """One droplet with the services that ask for secrets."""
    size, address = SIZES["s-2vcpu-4gb"], IPv4Address("198.18.0.1")
    services = ("base", "postgres", "pgbouncer", "redis")
    return Fleet("beta", (Droplet("db-1", "singapore", size, services, address),))
