"""Units: running, starting at boot, on the configuration that lies in their files, hardened."""

import re
import shlex
from collections.abc import Iterator, Sequence
from functools import partial

from realmfleet.facts.units import Units, UnitState
from realmfleet.units import Unit
from realmfleet.verify.model import Check, Verdict

# systemd's scale ends at 10; below 2 it says "safe" or "ok" to what no vendor's unit reaches.
MOST_EXPOSED = 2.5

_EXPOSURE = re.compile(r"Overall exposure level for (\S+): ([0-9.]+)")


def unit_checks(
    service: str, wanted: Sequence[Unit], *, ours: bool = True, most: float = MOST_EXPOSED
) -> Iterator[Check]:
    """What systemd says of a role's units. `ours`: we start them, so they must be hardened.

    `most`: the exposure that none of them may pass.
    """
    names = [unit.name for unit in wanted]
    yield Check(service, "units", Units().command(names), partial(judge_units, wanted))
    if ours:
        # A timer only starts its service.
        started = [unit.name.replace(".timer", ".service") for unit in wanted if unit.running]
        yield hardening(service, started, most)


def hardening(service: str, names: Sequence[str], most: float = MOST_EXPOSED) -> Check:
    """How much each of these units could reach if it were taken over."""
    named = " ".join(shlex.quote(name) for name in names)
    question = f"systemd-analyze security --no-pager {named} 2>&1 | grep -i -e exposure -e fail"
    return Check(service, "hardening", question, partial(judge_hardening, names, most=most))


def judge_units(wanted: Sequence[Unit], answer: str) -> Verdict:
    """As asked, and nothing owed."""
    machine = Units().process(answer.splitlines())
    here = [unit for unit in wanted if not (unit.real_only and machine.container)]
    away = [unit.name for unit in wanted if unit not in here]
    faults = [
        fault for unit in here for fault in _faults(unit, machine.units.get(unit.name, UnitState()))
    ]
    running = [unit.name.removesuffix(".service") for unit in here if unit.running]
    skipped = f"{', '.join(away)} cannot run in a container" if away else ""
    said = f"{', '.join(running)}: active, enabled, on the files as they lie"
    return Verdict(said, tuple(faults), skipped)


def judge_hardening(names: Sequence[str], answer: str, most: float = MOST_EXPOSED) -> Verdict:
    """Below the limit, every one."""
    exposed = {name: float(figure) for name, figure in _EXPOSURE.findall(answer)}
    faults = [
        f"{name} has an exposure of {exposed[name]}, at most {most} is asked: "
        f"systemd-analyze security {name}"
        for name in names
        if exposed[name] > most
    ]
    worst = max(exposed[name] for name in names)
    return Verdict(f"hardened, exposure at most {worst} of 10", tuple(faults))


def _faults(unit: Unit, state: UnitState) -> Iterator[str]:
    look = f"systemctl status {unit.name}"
    if not unit.running:
        if state.active or state.enabled:
            yield f"{unit.name} runs or starts at boot, but shall not: {look}"
        return
    if not state.active:
        yield f"{unit.name} does not run: {look}"
    if not state.enabled:
        yield f"{unit.name} will not start at boot: systemctl enable {unit.name}"
    if state.needs_daemon_reload:
        yield f"{unit.name} has changed on disk since systemd read it: systemctl daemon-reload"
    if state.active:
        for kind in sorted(state.owes):
            yield f"{unit.name} runs on older files and owes a {kind}: deploy again"
