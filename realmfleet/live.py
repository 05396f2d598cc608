"""From pyinfra's current host to the fleet model, read once a run."""

from functools import cache
from typing import Any

from pyinfra import host
from pyinfra.api.host import Host
from pyinfra.api.inventory import Inventory

import roles
from realmfleet.fleet import Droplet, Fleet, fleet_name, load_fleet
from realmfleet.secrets.store import Store, store_for


def describe(inventory: Inventory) -> list[dict[str, Any]]:
    """The hosts of an inventory as `debug-inventory --json` prints them."""
    return [{"name": h.name, "groups": list(h.groups), "data": _data(h)} for h in inventory]


def _data(of: Host) -> dict[str, Any]:
    merged: dict[str, Any] = of.data.dict()  # type: ignore[no-untyped-call]
    return merged


@cache
def _fleet(inventory: Inventory) -> Fleet:
    hosts = describe(inventory)
    return load_fleet(fleet_name(hosts), hosts, roles.defaults())


def fleet() -> Fleet:
    """The fleet that this run is about, whole, whatever --limit says."""
    return _fleet(host.inventory)


def droplet() -> Droplet:
    """The droplet on which the current operation runs."""
    return fleet().droplet(host.name)


def data(key: str) -> Any:
    """What the inventory says for a role's key on this droplet, or the role's default."""
    return droplet().data.get(key, roles.defaults()[key])


def secrets(*services: str) -> dict[str, str]:
    """The secrets of these services by name, from the fleet's store."""
    store = _store(host.inventory)
    names = [name for one in services for name in (*roles.secrets(one), *roles.given(one))]
    declined = {name for one in services for name in roles.declined(one, droplet().data)}
    return {name: store.get(name) for name in names if name not in declined}


@cache
def _store(inventory: Inventory) -> Store:
    return store_for(_fleet(inventory))
