"""Zones right now: their players, by the status contract of docs/game.md."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.game import ZoneInstance, listen_ip, zone_instances
from realmfleet.status import Question, http

KEYS = ("players", "max", "ready", "draining", "version")


def questions(fleet: Fleet, droplet: Droplet, _secrets: Mapping[str, str]) -> Iterator[Question]:
    """Every instance, in one question."""
    address, instances = listen_ip(fleet, droplet, "zone"), zone_instances(droplet)
    asked = [http(f"http://{address}:{instance.port}/status") for instance in instances]
    # One line each, empty where nobody answers.
    shell = "\n".join(f'printf "%s\\n" "$({ask} | tr -d "\\n")"' for ask in asked)
    yield Question("zones", shell, partial(read, instances))


def read(instances: tuple[ZoneInstance, ...], answer: str) -> list[dict[str, Any]]:
    """One row an instance; one that says nothing usable is not ready."""
    lines = answer.splitlines()
    return [_row(i, line) for i, line in zip(instances, lines, strict=True)]


def _row(instance: ZoneInstance, line: str) -> dict[str, Any]:
    known: dict[str, Any] = {"instance": instance.name, "zone": instance.zone}
    try:
        said = json.loads(line)
        return known | {key: said.get(key) for key in KEYS}
    except (ValueError, AttributeError):
        return known | {"ready": False}
