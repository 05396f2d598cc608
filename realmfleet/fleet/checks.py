"""What must hold in an inventory as a whole: types, zones, primaries, addresses."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from realmfleet.fleet.keys import CONNECTION_KEYS, TOPOLOGY_KEYS
from realmfleet.fleet.mistakes import Mistake, nearest
from realmfleet.fleet.model import Droplet, Fleet

# RFC 5737: addresses for documentation, which belong to nobody.
PLACEHOLDERS = tuple(
    IPv4Network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
)


def check_types(host: Mapping[str, Any], defaults: Mapping[str, Any]) -> Iterator[Mistake]:
    """Unknown keys, and known ones of a wrong type."""
    types = {key: row[0] for key, row in (TOPOLOGY_KEYS | CONNECTION_KEYS).items()}
    types |= {key: type(value) for key, value in defaults.items()}
    for key, value in host["data"].items():
        entry = f"{host['name']}: {key}"
        if key not in types:
            yield Mistake(entry, "unknown key", nearest(key, types))
        elif not _fits(value, types[key]):
            kind = types[key].__name__
            yield Mistake(entry, f"{value!r} is no {kind}", f"Write a value of type {kind}.")


def check_fleet(fleet: Fleet, *, whole: bool) -> Iterator[Mistake]:
    """Mistakes between droplets; `whole` is False where some droplet could not be read."""
    yield from _zones(fleet, whole)
    yield from _addresses(fleet)
    for service in ("postgres", "redis"):
        yield from _primaries(fleet, service, whole)
    yield from _unreachable(fleet)


def placeholders(fleet: Fleet) -> Iterator[Mistake]:
    """Documentation addresses: fine in a rehearsal, a mistake on a real run."""
    for droplet in fleet.droplets:
        if any(droplet.public_ip in net for net in PLACEHOLDERS):
            what = f"{droplet.public_ip} is a placeholder, not a droplet's address"
            mend = f"Put the real one there, or rehearse: realmfleet rehearse up {fleet.name}"
            yield Mistake(f"{droplet.name}: ssh_hostname", what, mend)


def _fits(value: object, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def _zones(fleet: Fleet, whole: bool) -> Iterator[Mistake]:
    hosted = {zone for droplet in fleet.droplets for zone in droplet.zones}
    for zone in fleet.zones if whole else ():
        if zone not in hosted:
            mend = "Add it to zone_instances of a droplet, or take it out of fleet_zones."
            yield Mistake(f"fleet_zones: {zone!r}", "no droplet hosts this zone", mend)
    for droplet in fleet.droplets:
        yield from _zones_of(fleet, droplet)


def _zones_of(fleet: Fleet, droplet: Droplet) -> Iterator[Mistake]:
    entry = f"{droplet.name}: zone_instances"
    if droplet.zones and not droplet.carries("zone"):
        yield Mistake(entry, "zones on a droplet outside the group 'zone'", "Add it to the group.")
    if droplet.carries("zone") and not droplet.zones:
        mend = "Say which, for example {'forest': 1}."
        yield Mistake(entry, "in the group 'zone', but it hosts no zone", mend)
    for zone, count in droplet.zones.items():
        if zone not in fleet.zones:
            yield Mistake(f"{entry}: {zone!r}", "unknown zone", nearest(zone, fleet.zones))
        if not _fits(count, int) or count < 1:
            yield Mistake(f"{entry}: {zone!r}", f"{count!r} instances", "Write 1 or more.")


def _addresses(fleet: Fleet) -> Iterator[Mistake]:
    for key in ("public_ip", "private_ip", "mesh_ip"):
        owners: dict[tuple[str, IPv4Address], list[str]] = defaultdict(list)
        for droplet in fleet.droplets:
            address = getattr(droplet, key)
            # Private networks are one a region: two regions may use the same numbers.
            scope = droplet.region if key == "private_ip" else "fleet"
            if address is not None:
                owners[scope, address].append(droplet.name)
        for (_, address), names in owners.items():
            if len(names) > 1:
                what = f"{address} is also the address of {', '.join(names[1:])}"
                yield Mistake(f"{names[0]}: {key}", what, "Give each droplet its own.")


def _primaries(fleet: Fleet, service: str, whole: bool) -> Iterator[Mistake]:
    droplets = fleet.carrying(service)
    roles = {d.name: getattr(d, f"{service}_role") for d in droplets}
    primaries = [name for name, role in roles.items() if role == "primary"]
    if len(primaries) > 1:
        what = f"{len(primaries)} primaries: {', '.join(primaries)}"
        mend = f"Leave one; set {service}_role = 'replica' on the others."
        yield Mistake(f"group {service!r}", what, mend)
    if droplets and not primaries and whole:
        names = ", ".join(roles)
        mend = f"Set {service}_role = 'primary' on one droplet."
        yield Mistake(f"group {service!r}", f"replicas without a primary: {names}", mend)


def _unreachable(fleet: Fleet) -> Iterator[Mistake]:
    """With several droplets every one needs an address that the others reach."""
    for droplet in fleet.droplets if len(fleet.droplets) > 1 else ():
        if droplet.inner_ip is None:
            mend = "Add one, for example 10.77.0.2: services listen on it, not on the public one."
            yield Mistake(f"{droplet.name}: mesh_ip", "no inner address", mend)
