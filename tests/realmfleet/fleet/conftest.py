"""The three fleets of this repository, as pyinfra reads their inventories."""

import pytest

from realmfleet.inventory import read_fleet


@pytest.fixture(scope="session")
def alpha():
    return read_fleet("alpha")


@pytest.fixture(scope="session")
def beta():
    return read_fleet("beta")


@pytest.fixture(scope="session")
def production():
    return read_fleet("production")
