"""The Docker engine: ask it, and start one where none answers."""

import os

import docker
from docker.errors import DockerException

from realmfleet.rehearsal import machine
from realmfleet.rehearsal.errors import RehearsalError
from realmfleet.rehearsal.steps import Step

# Importing the image and stopping a busy database take longer than the SDK's 60 s may allow.
TIMEOUT_S = 300


def connect() -> docker.DockerClient | None:
    """A client whose engine answers, or None."""
    try:
        client = docker.from_env(timeout=TIMEOUT_S)
        client.ping()
    except DockerException as error:
        _refuse_where_only_rights_are_missing(error)
        return None
    return client


def ready(step: Step) -> docker.DockerClient:
    """A client; installs and starts an engine first where none answers."""
    client = connect()
    if client is not None:
        return client
    if host := os.environ.get("DOCKER_HOST"):
        raise RehearsalError(
            f"No Docker engine answers at DOCKER_HOST={host}. "
            "Start it, or unset DOCKER_HOST to use this machine's own."
        )
    with step("Install and start a Docker engine"):
        machine.start_engine()
    client = connect()
    if client is None:
        raise RehearsalError("The Docker engine was started but does not answer: docker info")
    return client


def _refuse_where_only_rights_are_missing(error: DockerException) -> None:
    if "PermissionError" in str(error) or "Permission denied" in str(error):
        raise RehearsalError(
            "You may not use the Docker engine. "
            "Run: sudo usermod -aG docker $USER, log in again, and repeat the command."
        ) from None
