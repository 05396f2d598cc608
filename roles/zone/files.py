"""Zones: the text that lands on a droplet, and how their releases are rolled out."""

from collections.abc import Mapping

from realmfleet.artifacts.rollout import (
    Gate,
    Process,
    Rollout,
    directories,
    environment_file,
    root,
    seen,
)
from realmfleet.budget.tenants import ZONE_MEMORY_MB
from realmfleet.files import Directory, File
from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.game import (
    LOOPBACK,
    ZONE_CANDIDATE_PORT,
    ZoneInstance,
    listen_ip,
    zone_instances,
)
from realmfleet.render import render
from realmfleet.units import Unit, watch_list
from roles.zone.probe import PROBE
from roles.zone.settings import arguments, candidate_environment, environment, knob

ENGINE = "/usr/bin/godot3-server"
ASK = "/usr/local/lib/realmfleet/zone"
UNIT_FILE = "/etc/systemd/system/zone@.service"
CANDIDATE_FILE = "/etc/systemd/system/zone-candidate.service"
CANDIDATE = Unit("zone-candidate.service", running=False)
# systemd makes it and removes it with the candidate.
CANDIDATE_STATE = "/run/zone-candidate"

# So much longer than it may take to become ready a candidate lives at most.
SPARE_S = 60


def units(droplet: Droplet) -> tuple[Unit, ...]:
    """One an instance."""
    return tuple(_unit(instance) for instance in zone_instances(droplet))


def rollout(fleet: Fleet, droplet: Droplet) -> Rollout:
    """Every instance, one after the other."""
    address = listen_ip(fleet, droplet, "zone")
    return Rollout(
        "zone",
        tuple(
            Process(_unit(instance), _gate(droplet, address, instance.port))
            for instance in zone_instances(droplet)
        ),
        Process(CANDIDATE, _gate(droplet, LOOPBACK, ZONE_CANDIDATE_PORT)),
        knob(droplet, "zone_ready_timeout_s"),
        "zone@*.service",
    )


def files(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> tuple[File, ...]:
    """Units, and an environment for each instance; environments hold keys."""
    timeout_s = knob(droplet, "zone_ready_timeout_s")
    beside = candidate_environment(fleet, droplet, secrets, CANDIDATE_STATE)
    return (
        File(ASK, render("zone/ask.j2"), mode=0o755),
        File(UNIT_FILE, _unit_text(droplet, timeout_s)),
        File(CANDIDATE_FILE, _unit_text(droplet, timeout_s + SPARE_S, candidate=True)),
        _environment("candidate", beside),
        *(
            _environment(instance.name, environment(fleet, droplet, instance, secrets))
            for instance in zone_instances(droplet)
        ),
        *(watch_list(unit) for unit in units(droplet)),
    )


def folders(droplet: Droplet) -> tuple[Directory, ...]:
    """Where releases lie, and the player that verifies."""
    return (*directories("zone"), *(directories(PROBE) if knob(droplet, "zone_probe") else ()))


def _unit(instance: ZoneInstance) -> Unit:
    seen_files = (UNIT_FILE, environment_file("zone", instance.name), seen("zone"))
    return Unit(f"zone@{instance.name}.service", restart=seen_files)


def _gate(droplet: Droplet, address: str, port: int) -> Gate:
    if knob(droplet, "zone_status_contract"):
        return Gate(address, port, "/status", "ready")
    return Gate(address, port)


def _environment(name: str, values: Mapping[str, str]) -> File:
    text = render("unit/env.j2", values=values)
    return File(environment_file("zone", name), text, mode=0o600, secret=True)


def _unit_text(droplet: Droplet, lives_s: int, *, candidate: bool = False) -> str:
    return render(
        "zone/unit.j2",
        candidate=candidate,
        seconds=lives_s,
        release=f"{root('zone')}/{'candidate' if candidate else 'current'}",
        environment=environment_file("zone", "candidate" if candidate else "%i"),
        arguments=arguments(droplet),
        contract=knob(droplet, "zone_status_contract"),
        ask=ASK,
        memory_mb=ZONE_MEMORY_MB,
    )
