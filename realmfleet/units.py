"""How a systemd unit shall be, and which files it must have seen."""

from dataclasses import dataclass

from realmfleet.files import File
from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.flows import inbound, outbound

STAMP = "/usr/local/lib/realmfleet/stamp"


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


def watch_path(name: str) -> str:
    """Where the stamp finds a unit's list of files."""
    return f"/etc/realmfleet/units/{name}"


def watch_list(unit: Unit) -> File:
    """Which files the unit's stamp covers; templates/base/stamp.j2 reads it."""
    lines = [f"restart {path}" for path in unit.restart] + [
        f"reload {path}" for path in unit.reload
    ]
    return File(watch_path(unit.name), "".join(f"{line}\n" for line in lines))


def let_through(fleet: Fleet, droplet: Droplet, service: str) -> tuple[str, ...]:
    """Whom systemd lets the service's unit talk to, besides the firewall: its flows' other ends."""
    clients = {a for o in inbound(fleet, droplet) for a in o.sources if o.flow.service == service}
    servers = {a for f, ends in outbound(fleet, droplet) for a in ends if f.source == service}
    return ("localhost", *(str(address) for address in sorted(clients | servers)))
