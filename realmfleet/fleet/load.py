"""From the merged data of an inventory to a checked fleet, or to all of its mistakes at once."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from realmfleet.fleet.checks import check_fleet, check_types
from realmfleet.fleet.keys import CONNECTION_KEYS, TOPOLOGY_KEYS
from realmfleet.fleet.mistakes import FleetError, Mistake, nearest
from realmfleet.fleet.model import Droplet, Fleet, bare
from realmfleet.fleet.parse import parse_droplet
from realmfleet.fleet.regions import REGIONS
from realmfleet.fleet.services import SERVICES

# As `pyinfra INVENTORY debug-inventory --json` prints it: name, groups, data of every host.
Host = Mapping[str, Any]

FLEET_NAME = re.compile(r"[a-z][a-z0-9_-]*")


def load_fleet(name: str, hosts: Sequence[Host], defaults: Mapping[str, Any]) -> Fleet:
    """The checked fleet of an inventory.

    `defaults` are the keys that the roles bring, with their default values: they say
    which other keys are known and of which type they are. Raises FleetError with every
    mistake found.
    """
    fleet, mistakes = examine(name, hosts, defaults)
    if mistakes:
        raise FleetError(mistakes)
    return fleet


def examine(
    name: str, hosts: Sequence[Host], defaults: Mapping[str, Any]
) -> tuple[Fleet, list[Mistake]]:
    """The same without raising: the fleet as far as it can be read, and what is wrong."""
    if not hosts:
        return Fleet(name, ()), [Mistake(f"inventories/{name}.py", "no droplet", "List one.")]
    mistakes = [*_fleet_name(name), *_twice(hosts), *_fleet_keys(hosts)]
    droplets = []
    for host in hosts:
        mistakes += _unknown_groups(host, {*REGIONS, *SERVICES, "all", name})
        mistakes += check_types(host, defaults)
        if _stray(host):
            mistakes.append(_unlisted(host, hosts))
            continue
        droplet, faults = parse_droplet(host)
        mistakes += faults
        if droplet is not None:
            droplets.append(droplet)
    fleet = _assemble(name, droplets, hosts)
    mistakes += check_fleet(fleet, whole=len(droplets) == len(hosts))
    return fleet, mistakes


def known_keys(defaults: Mapping[str, Any]) -> set[str]:
    """Every key that an inventory or its group data may use."""
    return {*TOPOLOGY_KEYS, *CONNECTION_KEYS, *defaults}


def fleet_name(hosts: Sequence[Host]) -> str:
    """The name of the inventory file: pyinfra adds it as the last group of every host."""
    return str([group for group in hosts[0]["groups"] if not group.startswith("@")][-1])


def _assemble(name: str, droplets: Iterable[Droplet], hosts: Sequence[Host]) -> Fleet:
    first = hosts[0]["data"]
    zones = first.get("fleet_zones", [])
    return Fleet(
        name=name,
        droplets=tuple(_numbered(droplets)),
        zones=tuple(z for z in zones if isinstance(z, str)) if isinstance(zones, list) else (),
        rehearsal_dir=_rehearsal_dir(first.get("rehearsal")),
    )


def _numbered(droplets: Iterable[Droplet]) -> Iterator[Droplet]:
    """Each droplet with what its region's earlier ones host: instances are counted through."""
    hosted: dict[str, Counter[str]] = defaultdict(Counter)
    for droplet in droplets:
        before = hosted[droplet.region]
        yield replace(droplet, zones_before=dict(before))
        before.update({z: count for z, count in droplet.zones.items() if isinstance(count, int)})


def _rehearsal_dir(rehearsal: object) -> str | None:
    folder = rehearsal.get("dir") if isinstance(rehearsal, dict) else None
    return folder if isinstance(folder, str) else None


def _fleet_name(name: str) -> Iterator[Mistake]:
    entry = f"inventories/{name}.py"
    if name in {*REGIONS, *SERVICES, "all"}:
        yield Mistake(entry, "a fleet cannot be called like a group", "Rename the file.")
    elif not FLEET_NAME.fullmatch(name):
        mend = "Use lower-case letters, digits and hyphens, a letter first."
        yield Mistake(entry, f"{name!r} cannot name a fleet", mend)


def _fleet_keys(hosts: Sequence[Host]) -> Iterator[Mistake]:
    """What is said of the whole fleet must be the same on every droplet."""
    for host in hosts:
        zones, entry = host["data"].get("fleet_zones"), f"{bare(host['name'])}: fleet_zones"
        if zones != hosts[0]["data"].get("fleet_zones"):
            mend = "Say it once, in inventories/group_data/all.py."
            yield Mistake(entry, "it differs between droplets", mend)
        for zone in zones if isinstance(zones, list) else ():
            if not isinstance(zone, str):
                yield Mistake(entry, f"{zone!r} is no name of a zone", "Write names in quotes.")


def _twice(hosts: Sequence[Host]) -> Iterator[Mistake]:
    for name, times in Counter(bare(host["name"]) for host in hosts).items():
        if times > 1:
            yield Mistake(name, f"{times} droplets have this name", "Rename all but one.")


def _stray(host: Host) -> bool:
    """Whether only a service's group names it: most often a misspelt droplet."""
    described = {"size", "ssh_hostname", "public_ip"} & set(host["data"])
    return not described and not set(host["groups"]) & set(REGIONS)


def _unlisted(host: Host, hosts: Sequence[Host]) -> Mistake:
    groups = [group for group in host["groups"] if group in SERVICES]
    listed = [bare(other["name"]) for other in hosts if not _stray(other)]
    where = f"group {groups[0]!r}: " if groups else ""
    mend = nearest(bare(host["name"]), listed) if listed else "Add it to a region."
    return Mistake(f"{where}{bare(host['name'])!r}", "no region lists this droplet", mend)


def _unknown_groups(host: Host, known: set[str]) -> list[Mistake]:
    return [
        Mistake(f"{bare(host['name'])}: group {group!r}", "unknown group", nearest(group, known))
        for group in dict.fromkeys(host["groups"])
        if group not in known and not group.startswith("@")
    ]
