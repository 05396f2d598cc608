"""The API: the text that lands on a droplet, and how its releases are rolled out."""

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
from realmfleet.budget import budget
from realmfleet.budget.tenants import CANDIDATE_MB
from realmfleet.files import Directory, File
from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.game import API_CANDIDATE_PORT, API_PORT, LOOPBACK, listen_ip
from realmfleet.render import render
from realmfleet.units import Unit, let_through, watch_list
from roles.api.settings import HEAP_PERCENT, secret_environment, settings

ENVIRONMENT = environment_file("api", "api")
CANDIDATE_ENVIRONMENT = environment_file("api", "candidate")
UNIT_FILE = "/etc/systemd/system/api.service"
CANDIDATE_FILE = "/etc/systemd/system/api-candidate.service"

# So much longer than it may take to become ready a candidate lives at most.
SPARE_S = 60

# Another file for the candidate alone, so that it does not make the API owe a restart.
UNIT = Unit("api.service", restart=(UNIT_FILE, ENVIRONMENT, seen("api")))
CANDIDATE = Unit("api-candidate.service", running=False)


def rollout(fleet: Fleet, droplet: Droplet, timeout_s: int) -> Rollout:
    """One process, ready once its database and cache answer it."""
    address = listen_ip(fleet, droplet, "api")
    return Rollout(
        "api",
        (Process(UNIT, Gate(address, API_PORT, "/ready")),),
        Process(CANDIDATE, Gate(LOOPBACK, API_CANDIDATE_PORT, "/ready")),
        timeout_s,
        "api.service",
    )


def files(
    fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str], timeout_s: int
) -> tuple[File, ...]:
    """Units and environments; the first environment holds keys and passwords."""
    laid = settings(fleet, droplet)
    plain = {setting.name: setting.text for setting in laid.values()}
    values = plain | secret_environment(fleet, droplet, secrets)
    beside = {
        "LISTEN": f"{LOOPBACK}:{API_CANDIDATE_PORT}",
        "GOMEMLIMIT": f"{CANDIDATE_MB * HEAP_PERCENT // 100}MiB",
    }
    return (
        File(ENVIRONMENT, render("unit/env.j2", values=values), mode=0o600, secret=True),
        File(CANDIDATE_ENVIRONMENT, render("unit/env.j2", values=beside), mode=0o600),
        File(UNIT_FILE, _unit(fleet, droplet)),
        File(CANDIDATE_FILE, _unit(fleet, droplet, candidate_s=timeout_s)),
        watch_list(UNIT),
    )


def folders() -> tuple[Directory, ...]:
    """Where releases lie."""
    return directories("api")


def _unit(fleet: Fleet, droplet: Droplet, candidate_s: int = 0) -> str:
    """The API's unit, or with `candidate_s` its candidate's, which lives no longer than that."""
    return render(
        "api/unit.j2",
        candidate_s=candidate_s and candidate_s + SPARE_S,
        release=f"{root('api')}/{'candidate' if candidate_s else 'current'}",
        environments=[ENVIRONMENT, *([CANDIDATE_ENVIRONMENT] if candidate_s else [])],
        memory_mb=CANDIDATE_MB if candidate_s else budget(droplet).tenant("api"),
        allowed=let_through(fleet, droplet, "api"),
    )
