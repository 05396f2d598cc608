"""From the merged data of an inventory to a checked fleet, or to all of its mistakes at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from realmfleet.fleet.checks import check_fleet, check_types
from realmfleet.fleet.keys import CONNECTION_KEYS, TOPOLOGY_KEYS
from realmfleet.fleet.mistakes import FleetError, Mistake, nearest
from realmfleet.fleet.model import Droplet, Fleet
from realmfleet.fleet.parse import parse_droplet
from realmfleet.fleet.regions import REGIONS
from realmfleet.fleet.services import SERVICES

# As `pyinfra INVENTORY debug-inventory --json` prints it: name, groups, data of every host.
Host = Mapping[str, Any]


def load_fleet(name: str, hosts: Sequence[Host], defaults: Mapping[str, Any]) -> Fleet:
    """The checked fleet of an inventory.

    `defaults` are the keys that the roles bring, with their default values: they say
    which other keys are known and of which type they are. Raises FleetError with every
    mistake found.
    """
    mistakes: list[Mistake] = []
    if not hosts:
        raise FleetError([Mistake(f"inventories/{name}.py", "it has no droplet", "List one.")])
    known_groups = {*REGIONS, *SERVICES, "all", name}
    droplets = []
    for host in hosts:
        mistakes += _unknown_groups(host, known_groups)
        mistakes += check_types(host, defaults)
        droplet, faults = parse_droplet(host)
        mistakes += faults
        if droplet is not None:
            droplets.append(droplet)
    fleet = _assemble(name, droplets, hosts)
    mistakes += check_fleet(fleet, whole=len(droplets) == len(hosts))
    if mistakes:
        raise FleetError(mistakes)
    return fleet


def known_keys(defaults: Mapping[str, Any]) -> set[str]:
    """Every key that an inventory or its group data may use."""
    return {*TOPOLOGY_KEYS, *CONNECTION_KEYS, *defaults}


def _assemble(name: str, droplets: Iterable[Droplet], hosts: Sequence[Host]) -> Fleet:
    first = hosts[0]["data"]
    zones = first.get("fleet_zones", [])
    return Fleet(
        name=name,
        droplets=tuple(droplets),
        zones=tuple(zones) if isinstance(zones, list) else (),
        rehearsal_dir=_rehearsal_dir(first.get("rehearsal")),
    )


def _rehearsal_dir(rehearsal: object) -> str | None:
    folder = rehearsal.get("dir") if isinstance(rehearsal, dict) else None
    return folder if isinstance(folder, str) else None


def _unknown_groups(host: Host, known: set[str]) -> list[Mistake]:
    return [
        Mistake(f"{host['name']}: group {group!r}", "unknown group", nearest(group, known))
        for group in host["groups"]
        if group not in known
    ]
