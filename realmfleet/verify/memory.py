"""Memory: what each service's processes hold (PSS) against what the budget reserves for it."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial

from realmfleet.budget import Row, budget
from realmfleet.fleet import Droplet
from realmfleet.units import Unit
from realmfleet.verify.model import Check, Verdict

# Everything that belongs to no service of ours: systemd, sshd, sessions, apt. The other rows
# of base are the kernel's, which no process holds.
PROCESSES_OF_BASE = ("system", "maintenance")

# A process that ends in between is simply not counted.
QUESTION = (
    "grep -H '^Pss:' /proc/[0-9]*/smaps_rollup 2>/dev/null; "
    "grep -HE '^(0:|[0-9]+:name=systemd):' /proc/[0-9]*/cgroup 2>/dev/null; true"
)
_PSS = re.compile(r"/proc/(\d+)/smaps_rollup:Pss:\s+(\d+) kB")
_UNIT = re.compile(r"/proc/(\d+)/cgroup:\S+/([^/\s]+\.service)")


def memory_check(droplet: Droplet, units: Mapping[str, Sequence[Unit]]) -> Check:
    """`units`: every service's own, by its name."""
    owners = {unit.name: service for service, owned in units.items() for unit in owned}
    limits = {service: _reserved(droplet, service) for service, owned in units.items() if owned}
    limits = {"base": _reserved(droplet, "base")} | limits
    return Check("memory", "processes", QUESTION, partial(judge_memory, owners, limits))


def held_mb(owners: Mapping[str, str], answer: str) -> Mapping[str, float]:
    """Service -> MiB of PSS. `owners`: unit -> service; whoever has no unit is base's.

    ValueError where no process is seen.
    """
    unit_of: dict[str, str] = dict(_UNIT.findall(answer))
    held: defaultdict[str, float] = defaultdict(float)
    for pid, kilobytes in _PSS.findall(answer):
        held[owners.get(unit_of.get(pid, ""), "base")] += int(kilobytes) / 1024
    if not held:
        raise ValueError("no process")
    return held


def judge_memory(owners: Mapping[str, str], limits: Mapping[str, int], answer: str) -> Verdict:
    """`owners`: unit -> service; `limits`: service -> MiB. Whoever has no unit is base's."""
    held = held_mb(owners, answer)
    faults = [
        f"{service} holds {held[service]:.0f} MB, {limit} MB are reserved for it: "
        f"systemd-cgtop, and `realmfleet budget`"
        for service, limit in limits.items()
        if held[service] > limit
    ]
    shares = ", ".join(
        f"{name} {held[name]:.0f} of {most}" for name, most in limits.items() if most
    )
    return Verdict(f"within what is reserved, in MB: {shares}", tuple(faults))


def rows(droplet: Droplet, service: str) -> tuple[Row, ...]:
    """The rows of the budget that a service's processes fill; the kernel's no process holds."""
    return tuple(
        row
        for row in budget(droplet).rows
        if row.service == service and (service != "base" or row.tenant in PROCESSES_OF_BASE)
    )


def _reserved(droplet: Droplet, service: str) -> int:
    return sum(row.reserved_mb for row in rows(droplet, service))
