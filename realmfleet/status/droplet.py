"""What every droplet is asked: itself, the units of its services, their memory and versions."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import roles
from realmfleet.facts.units import Units
from realmfleet.fleet import Droplet, Fleet
from realmfleet.status.model import Question
from realmfleet.units import Unit
from realmfleet.verify.memory import QUESTION, held_mb, rows

_MACHINE = (
    "ps -o etimes= -p 1; cut -d' ' -f1 /proc/loadavg; "
    "awk '/^MemTotal|^MemAvailable/ {print int($2 / 1024)}' /proc/meminfo; "
    "df -BM --output=size,avail / | tail -n 1 | tr -d M"
)


def carried(droplet: Droplet) -> tuple[str, ...]:
    """The services of a droplet that have a role."""
    return tuple(name for name in droplet.services if name in roles.names())


def questions(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> Iterator[Question]:
    """Everything that is asked of one droplet."""
    units = {service: roles.room(service, "verify").units(droplet) for service in carried(droplet)}
    owners = {unit.name: service for service, owned in units.items() for unit in owned}
    yield Question("machine", _MACHINE, read_machine)
    names = [unit.name for owned in units.values() for unit in owned]
    yield Question("services", str(Units().command(names)), partial(read_units, units))
    yield Question("memory_mb", QUESTION, partial(read_memory, droplet, owners))
    yield Question("versions", _versions(units), read_versions)
    for service in units:
        if roles.has(service, "status"):
            yield from roles.room(service, "status").questions(fleet, droplet, secrets)


def read_machine(answer: str) -> dict[str, float]:
    """Uptime in seconds, load of a minute, MiB of memory and disk."""
    uptime, load, total, available, size, free = (float(word) for word in answer.split())
    return {
        "uptime_s": int(uptime),
        "load": load,
        "memory_mb": int(total),
        "memory_available_mb": int(available),
        "disk_mb": int(size),
        "disk_free_mb": int(free),
    }


def read_units(units: Mapping[str, Sequence[Unit]], answer: str) -> dict[str, Any]:
    """Service -> how many of its units shall run, and which do not."""
    machine = Units().process(answer.splitlines())
    found = {}
    for service, owned in units.items():
        wanted = [u.name for u in owned if u.running and not (u.real_only and machine.container)]
        down = [n for n in wanted if n not in machine.units or not machine.units[n].active]
        found[service] = {"units": len(wanted), "down": down}
    return found


def read_memory(droplet: Droplet, owners: Mapping[str, str], answer: str) -> dict[str, Any]:
    """Service -> MiB that its processes hold (PSS), beside what is reserved and expected."""
    held = held_mb(owners, answer)
    return {
        service: {
            "held": round(held.get(service, 0), 1),
            "reserved": sum(row.reserved_mb for row in rows(droplet, service)),
            "expected": sum(row.expected_mb for row in rows(droplet, service)),
        }
        for service in dict.fromkeys(owners.values())
    }


def _versions(units: Mapping[str, Sequence[Unit]]) -> str:
    """The first package of a service is the one that it is named after."""
    named = {s: package for s in units for package in roles.packages(s, ())[:1]}
    asked = (
        f"dpkg-query -W -f '{service} ${{Version}}\\n' {package}"
        for service, package in named.items()
        if service != "base"
    )
    return "; ".join((*asked, "true"))


def read_versions(answer: str) -> dict[str, str]:
    """Service -> the upstream version of its package."""
    rows = (line.split() for line in answer.splitlines() if not line.startswith("dpkg"))
    return {service: version.split(":")[-1].split("-")[0] for service, version in rows}
