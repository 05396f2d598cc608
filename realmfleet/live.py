"""From pyinfra's current host to the fleet model, read once a run."""

from functools import cache
from typing import Any

from pyinfra import host
from pyinfra.api.inventory import Inventory

import roles
from realmfleet.fleet import Droplet, Fleet, load_fleet


def describe(inventory: Inventory) -> list[dict[str, Any]]:
    """The hosts of an inventory as `debug-inventory --json` prints them."""
    return [{"name": h.name, "groups": list(h.groups), "data": h.data.dict()} for h in inventory]


@cache
def _fleet(inventory: Inventory) -> Fleet:
    hosts = describe(inventory)
    # The last group of every host is the one that pyinfra names after the inventory file.
    return load_fleet(hosts[0]["groups"][-1], hosts, roles.defaults())


def fleet() -> Fleet:
    """The fleet that this run is about, whole, whatever --limit says."""
    return _fleet(host.inventory)


def droplet() -> Droplet:
    """The droplet on which the current operation runs."""
    return fleet().droplet(host.name)


def data(key: str) -> Any:
    """What the inventory says for a role's key on this droplet, or the role's default."""
    return droplet().data.get(key, roles.defaults()[key])
