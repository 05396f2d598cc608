"""Units that run what lies in their files: started, restarted or reloaded only where owed."""

from collections.abc import Sequence

from pyinfra import host, logger
from pyinfra.api import StringCommand, operation

from realmfleet.facts.units import Machine, Units, UnitState
from realmfleet.operations import Commands
from realmfleet.units import STAMP, Unit


@operation()
def units(wanted: Sequence[Unit]) -> Commands:
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
        steps.append(f"{STAMP} reload {unit.name}")
    return steps


def _start(verb: str, unit: Unit) -> str:
    """Start it and wait until it answers; on failure show what the service itself said."""
    said = f"journalctl -u {unit.name} -n 20 --no-pager -o cat >&2"
    ready = f" && {_within(unit.ready)}" if unit.ready else ""
    reset = f"systemctl reset-failed {unit.name} 2>/dev/null; "
    return f"{reset}(systemctl {verb} {unit.name}{ready}) || {{ {said}; exit 1; }}"


READY_WITHIN_S = 30


def _within(ready: str) -> str:
    tries = READY_WITHIN_S * 5
    wait = (
        f"i=$((i+1)); [ $i -lt {tries} ] || {{ echo 'not ready in time' >&2; exit 1; }}; sleep 0.2"
    )
    return f"(i=0; until {ready} >/dev/null 2>&1; do {wait}; done)"
