"""How a service's releases are rolled out on a droplet: processes, gates, the candidate. Pure."""

from dataclasses import asdict, dataclass
from typing import Any

from realmfleet.files import Directory
from realmfleet.units import Unit, watch_path

# So many releases stay on a droplet: the one that serves, and what one can go back to.
KEEP = 3


@dataclass(frozen=True)
class Gate:
    """When a process counts as ready: `GET path` is 200, and its JSON's `field` is true.

    `path` empty: the game tells nothing, so the process only has to stay alive for a while.
    `field` empty: the answer's body does not matter.
    """

    address: str
    port: int
    path: str = ""
    field: str = ""


@dataclass(frozen=True)
class Process:
    """One unit of a service, and when it is ready."""

    unit: Unit
    gate: Gate


@dataclass(frozen=True)
class Rollout:
    """One service on one droplet.

    `candidate` is the unit that tries a release beside the running ones, for at most
    `timeout_s` seconds. `pattern` matches every unit that the service may have here: what
    matches and is not in `processes` has left the inventory.
    """

    service: str
    processes: tuple[Process, ...]
    candidate: Process
    timeout_s: int
    pattern: str

    @property
    def root(self) -> str:
        """Where its releases lie."""
        return root(self.service)

    @property
    def names(self) -> tuple[str, ...]:
        """Its units, in the order in which they restart."""
        return tuple(process.unit.name for process in self.processes)

    def as_payload(self) -> dict[str, Any]:
        """What the program on the droplet needs to roll a release out."""
        return {
            "root": self.root,
            "processes": [_payload(process) for process in self.processes],
            "candidate": _payload(self.candidate),
            "seconds": self.timeout_s,
            "keep": KEEP,
        }


def root(service: str) -> str:
    """`current` and its like lie here, beside the folder of releases."""
    return f"/opt/{service}"


def seen(service: str) -> str:
    """The file that names the current release: a unit that has seen another owes a restart."""
    return f"{root(service)}/current/release.env"


def environment_file(service: str, name: str) -> str:
    """The variables of one of its processes."""
    return f"/etc/realmfleet/{service}/{name}.env"


def directories(service: str) -> tuple[Directory, ...]:
    """Where releases lie; an upload is root's alone until it is known to be the right one."""
    home = root(service)
    return (
        Directory(home),
        Directory(f"{home}/releases"),
        Directory(f"{home}/upload", mode=0o700),
    )


def leaving(service: str, unit: str) -> dict[str, Any]:
    """What goes with a unit that has left the inventory."""
    instance = unit.partition("@")[2].removesuffix(".service")
    return {"unit": unit, "files": [watch_path(unit), environment_file(service, instance)]}


def _payload(process: Process) -> dict[str, Any]:
    return {"unit": process.unit.name, "gate": asdict(process.gate)}
