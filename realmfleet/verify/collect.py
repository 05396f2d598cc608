"""Every check of the droplet on which the current operation runs."""

from collections.abc import Iterator

import roles
from realmfleet import live
from realmfleet.units import Unit
from realmfleet.verify.memory import memory_check
from realmfleet.verify.model import Check


def checks_here() -> tuple[Check, ...]:
    """What the roles of this droplet want to know, and what concerns them together."""
    return tuple(_checks())


def secrets_here() -> dict[str, str]:
    """The secrets of everything on this droplet."""
    return live.secrets(*_services())


def _checks() -> Iterator[Check]:
    fleet, droplet, secrets = live.fleet(), live.droplet(), secrets_here()
    units: dict[str, tuple[Unit, ...]] = {}
    for service in _services():
        room = roles.room(service, "verify")
        yield from room.checks(fleet, droplet, secrets)
        units[service] = room.units(droplet)
    yield memory_check(droplet, units)


def _services() -> tuple[str, ...]:
    return tuple(name for name in live.droplet().services if name in roles.names())
