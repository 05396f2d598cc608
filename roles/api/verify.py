"""The API, as it is live: its release, whether it is ready, and where it listens."""

from collections.abc import Iterator, Mapping
from functools import partial

from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.game import API_PORT, listen_ip
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
from roles.api import files
from roles.api.defaults import DEFAULTS

NEXT = "--- next"


def units(_droplet: Droplet) -> tuple[Unit, ...]:
    """The API's; its candidate runs only while a release is tried."""
    return (files.UNIT,)


def checks(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> Iterator[Check]:
    """Everything about the API on this droplet."""
    version = str(droplet.data.get("api_artifact", {}).get("version", ""))
    address = listen_ip(fleet, droplet, "api")
    timeout_s = droplet.data.get("api_ready_timeout_s", DEFAULTS["api_ready_timeout_s"])
    yield from unit_checks("api", units(droplet), most=MOST_EXPOSED)
    yield secret_files("api", files.files(fleet, droplet, secrets, timeout_s))
    yield release_check("api", version)
    question = f"\necho '{NEXT}'\n".join(http(address, API_PORT, p) for p in ("/ready", "/version"))
    yield Check("api", "answers", question, partial(judge_answers, version))
    yield listening_check("api", files.UNIT.name, frozenset({f"tcp {address}:{API_PORT}"}))


def judge_answers(version: str, answer: str) -> Verdict:
    """Ready, and of the version that the inventory declares."""
    ready, told = (answered(part.lstrip("\n")) for part in answer.split(NEXT))
    faults = []
    if ready[0] != 200:
        what = f"the API is not ready ({ready[0]} {ready[1][:80]})"
        faults.append(f"{what}: journalctl -u api")
    if (found := fields(told[1]).get("version")) != version:
        faults.append(f"the API says that it is {found}, {version} is declared: deploy again")
    return Verdict(f"the API {version} is ready", tuple(faults))
