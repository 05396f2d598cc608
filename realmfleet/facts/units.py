"""What systemd says of units, and which of their files have changed since they started."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from pyinfra.api import FactBase

from realmfleet.units import STAMP

# A unit file here hides the vendor's of the same name.
OWN = "/etc/systemd/system"


@dataclass(frozen=True)
class UnitState:
    """`owes` names what the unit has not seen yet of its files: 'restart', 'reload', or both."""

    active: bool = False
    enabled: bool = False
    needs_daemon_reload: bool = False
    owes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Machine:
    """The units of a droplet, and whether it is a container."""

    units: dict[str, UnitState]
    container: bool


class Units(FactBase[Machine]):
    """The state of these units, in one exec."""

    def command(self, units: list[str]) -> str:
        named = " ".join(shlex.quote(unit) for unit in sorted(units))
        properties = "Id,ActiveState,UnitFileState,NeedDaemonReload,FragmentPath"
        return (
            f"systemctl show -p {properties} {named}; echo; "
            f"find {OWN} -maxdepth 1 -type f -printf 'own %p\\n'; "
            f"systemd-detect-virt -cq && echo container; "
            f"test -x {STAMP} && {STAMP} owed {named}; true"
        )

    @staticmethod
    def default() -> Machine:
        return Machine({}, container=False)

    def process(self, output: Iterable[str]) -> Machine:
        shown: dict[str, dict[str, str]] = {}
        owed: dict[str, set[str]] = {}
        own: set[str] = set()
        container, current = False, {}
        for line in output:
            key, separator, value = line.partition("=")
            if separator:
                current[key] = value
            elif not line and current:
                shown[current["Id"]], current = current, {}
            elif line == "container":
                container = True
            elif line.startswith(f"own {OWN}/"):
                own.add(line.removeprefix("own "))
            elif line:
                unit, kind = line.split()
                owed.setdefault(unit, set()).add(kind)
        states = {unit: _state(said, owed.get(unit, set()), own) for unit, said in shown.items()}
        return Machine(states, container)


def _state(said: dict[str, str], owed: set[str], own: set[str]) -> UnitState:
    return UnitState(
        active=said["ActiveState"] in ("active", "reloading"),
        enabled=said["UnitFileState"] in ("enabled", "static", "generated", "indirect"),
        needs_daemon_reload=said["NeedDaemonReload"] == "yes" or _hidden(said, own),
        owes=frozenset(owed),
    )


def _hidden(said: dict[str, str], own: set[str]) -> bool:
    """Whether systemd still has a vendor's file that one of ours hides since.

    NeedDaemonReload compares only the files that systemd has read.
    """
    stem, instance, _ = said["Id"].partition("@")
    kind = said["Id"].rpartition(".")[2]
    names = {said["Id"], f"{stem}@.{kind}"} if instance else {said["Id"]}
    ours = {f"{OWN}/{name}" for name in names} & own
    read = said.get("FragmentPath", "")
    return bool(read and ours and read not in ours)
