"""What must hold in an inventory as a whole: types, zones, primaries, neighbours."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from realmfleet.fleet.addresses import check_addresses
from realmfleet.fleet.keys import CONNECTION_KEYS, TOPOLOGY_KEYS
from realmfleet.fleet.mistakes import Mistake, nearest
from realmfleet.fleet.model import Droplet, Fleet, bare
from realmfleet.fleet.parse import HOST_NAME


def check_types(host: Mapping[str, Any], defaults: Mapping[str, Any]) -> Iterator[Mistake]:
    """Unknown keys, and known ones of a wrong type. A default of None allows any type."""
    types = {key: row[0] for key, row in (TOPOLOGY_KEYS | CONNECTION_KEYS).items()}
    types |= {key: type(value) for key, value in defaults.items()}
    for key, value in host["data"].items():
        if key.startswith("fake_") and host["name"].startswith("@fake"):
            continue
        entry = f"{bare(host['name'])}: {key}"
        if key not in types:
            yield Mistake(entry, "unknown key", nearest(key, types))
        elif not fits(value, types[key]):
            kind = types[key].__name__
            yield Mistake(entry, f"{value!r} is no {kind}", f"Write a value of type {kind}.")


def check_fleet(fleet: Fleet, *, whole: bool) -> Iterator[Mistake]:
    """Mistakes between droplets; `whole` is False where some droplet could not be read."""
    yield from _zones(fleet, whole)
    yield from check_addresses(fleet)
    yield from _primaries(fleet, "postgres", whole)
    yield from _primaries(fleet, "redis", whole)
    yield from _standbys(fleet)
    yield from _pools(fleet)


def fits(value: object, kind: type) -> bool:
    """Whether a literal of an inventory is of this type; True and False are no numbers."""
    if kind is type(None):
        return True
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def _zones(fleet: Fleet, whole: bool) -> Iterator[Mistake]:
    hosted = {zone for droplet in fleet.droplets for zone in droplet.zones}
    for zone in fleet.zones:
        if not HOST_NAME.fullmatch(zone):
            mend = "Use lower-case letters, digits and hyphens: units are named after it."
            yield Mistake(f"fleet_zones: {zone!r}", "it cannot name a unit", mend)
        elif whole and zone not in hosted:
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
            mend = nearest(zone, fleet.zones) if fleet.zones else "Add it to fleet_zones."
            yield Mistake(f"{entry}: {zone!r}", "unknown zone", mend)
        if not fits(count, int) or count < 1:
            yield Mistake(f"{entry}: {zone!r}", f"{count!r} instances", "Write 1 or more.")


def _primaries(
    fleet: Fleet, service: Literal["postgres", "redis"], whole: bool
) -> Iterator[Mistake]:
    droplets = fleet.carrying(service)
    roles = [getattr(droplet, f"{service}_role") for droplet in droplets]
    primaries = [d.name for d, role in zip(droplets, roles, strict=True) if role == "primary"]
    if len(primaries) > 1:
        what = f"{len(primaries)} primaries: {', '.join(primaries)}"
        mend = f"Leave one; set {service}_role = 'replica' on the others."
        yield Mistake(f"group {service!r}", what, mend)
    if droplets and not primaries and whole and None not in roles:
        names = ", ".join(droplet.name for droplet in droplets)
        mend = f"Set {service}_role = 'primary' on one droplet."
        yield Mistake(f"group {service!r}", f"replicas without a primary: {names}", mend)


def _standbys(fleet: Fleet) -> Iterator[Mistake]:
    primary = fleet.primary("postgres")
    for droplet in fleet.carrying("postgres"):
        if primary and droplet.postgres_role == "standby" and droplet.region != primary.region:
            what = f"a synchronous standby in {droplet.region}, the primary in {primary.region}"
            mend = "Every commit would wait for the ocean: make it a 'replica'."
            yield Mistake(f"{droplet.name}: postgres_role", what, mend)


def _pools(fleet: Fleet) -> Iterator[Mistake]:
    for droplet in fleet.carrying("pgbouncer"):
        if not droplet.carries("postgres"):
            mend = "Put it on the database's droplet: it logs in over the socket there."
            yield Mistake(f"{droplet.name}: group 'pgbouncer'", "a pool without a database", mend)
