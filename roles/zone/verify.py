"""Zones, as they are live: release, what each says of itself, and where it listens."""

from collections.abc import Iterator, Mapping
from functools import partial

from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.game import ZoneInstance, listen_ip, zone_instances
from realmfleet.units import Unit
from realmfleet.verify.files import secret_files
from realmfleet.verify.model import Check, Verdict
from realmfleet.verify.releases import (
    MOST_EXPOSED,
    answered,
    fields,
    http,
    listening_check,
    release_check,
)
from realmfleet.verify.units import unit_checks
from roles.zone import files, probe
from roles.zone.settings import knob


def units(droplet: Droplet) -> tuple[Unit, ...]:
    """One an instance."""
    return files.units(droplet)


def checks(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> Iterator[Check]:
    """Everything about the zones on this droplet."""
    version = str(knob(droplet, "zone_artifact").get("version", ""))
    address = listen_ip(fleet, droplet, "zone")
    yield from unit_checks("zone", units(droplet), most=MOST_EXPOSED)
    yield secret_files("zone", files.files(fleet, droplet, secrets))
    yield release_check("zone", version)
    for instance in zone_instances(droplet):
        ports = {f"udp 0.0.0.0:{instance.port}"}
        if knob(droplet, "zone_status_contract"):
            ports.add(f"tcp {address}:{instance.port}")
            question = http(address, instance.port, "/status")
            judge = partial(judge_status, instance, version)
            yield Check("zone", instance.name, question, judge)
        yield listening_check("zone", f"zone@{instance.name}.service", frozenset(ports))
    if knob(droplet, "zone_probe"):
        yield probe.check(fleet, droplet, secrets)


def judge_status(instance: ZoneInstance, version: str, answer: str) -> Verdict:
    """It is who it shall be, ready, and of the declared version."""
    name, (status, body) = instance.name, answered(answer)
    said = fields(body) if status == 200 else {}
    wanted = {"zone": instance.zone, "instance": name, "ready": True, "version": version}
    faults = tuple(
        f"{name} says {key} {said.get(key)!r}, asked {value!r}: journalctl -u zone@{name}"
        for key, value in wanted.items()
        if said.get(key) != value
    )
    players = f"{said.get('players')} of {said.get('max')} players"
    return Verdict(f"{name} {version} is ready, {players}", faults)
