"""Units that run what lies in their files: started, restarted or reloaded only where owed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyinfra import host, logger
from pyinfra.api import StringCommand, operation

from realmfleet.facts.units import STAMP, Machine, UnitState, Units
from realmfleet.files import File


@dataclass(frozen=True)
class Unit:
    """How a unit shall be.

    `restart` and `reload` are the files of which a change needs one. `ready` is shell that
    succeeds once the service answers. `real_only` units cannot run in a container (no
    clock or swap of its own): they are skipped there, and that is said.
    """

    name: str
    running: bool = True
    restart: tuple[str, ...] = ()
    reload: tuple[str, ...] = ()
    ready: str = ""
    real_only: bool = False


def watch_list(unit: Unit) -> File:
    """Which files the unit's stamp covers; templates/base/stamp.j2 reads it."""
    lines = [f"restart {path}" for path in unit.restart] + [f"reload {path}" for path in unit.reload]
    return File(f"/etc/realmfleet/units/{unit.name}", "".join(f"{line}\n" for line in lines))


@operation()
def units(wanted: Sequence[Unit]) -> Iterator[StringCommand]:
    """Bring units to the asked state; a restart or reload follows from what each has seen.

    + wanted: the units, in the order in which they shall start
    """
    machine = host.get_fact(Units, units=[unit.name for unit in wanted])
    steps = [step for unit in wanted for step in _steps(unit, machine)]
    if any(state.needs_daemon_reload for state in machine.units.values()):
        yield StringCommand("systemctl daemon-reload")
    elif not steps:
        host.noop("the units are as asked")
    for step in steps:
        yield StringCommand(step)


def _steps(unit: Unit, machine: Machine) -> list[str]:
    if unit.real_only and machine.container:
        logger.info(f"{host.print_prefix}{unit.name} skipped: it cannot run in a container")
        return []
    state = machine.units.get(unit.name, UnitState())
    if not unit.running:
        return [f"systemctl disable --now {unit.name}"] if state.active or state.enabled else []
    steps = [] if state.enabled else [f"systemctl enable {unit.name}"]
    if not state.active:
        steps.append(_start("start", unit))
    elif "restart" in state.owes:
        steps.append(_start("restart", unit))
    elif "reload" in state.owes:
        steps.append(f"{STAMP} reloaded {unit.name} && systemctl reload {unit.name}")
    return steps


def _start(verb: str, unit: Unit) -> str:
    """Start it and wait until it answers; on failure show what the service itself said."""
    said = f"journalctl -u {unit.name} -n 20 --no-pager -o cat >&2"
    ready = f" && {_within(unit.ready)}" if unit.ready else ""
    reset = f"systemctl reset-failed {unit.name} 2>/dev/null; "
    return f"{reset}(systemctl {verb} {unit.name}{ready}) || {{ {said}; exit 1; }}"


READY_WITHIN_S = 60


def _within(ready: str) -> str:
    tries = READY_WITHIN_S * 5
    wait = f"i=$((i+1)); [ $i -lt {tries} ] || {{ echo 'not ready in time' >&2; exit 1; }}; sleep 0.2"
    return f"(i=0; until {ready} >/dev/null 2>&1; do {wait}; done)"
