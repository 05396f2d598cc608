"""An operator's machine where nothing is prepared, played by a container that may nest Docker."""

import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest
from docker.models.containers import Container

from realmfleet.inventory import ROOT
from realmfleet.rehearsal import cache, droplets, engine, image
from realmfleet.rehearsal.droplets import Outcome
from realmfleet.rehearsal.stage import Stage
from realmfleet.rehearsal.steps import quietly

pytestmark = pytest.mark.rehearsal

PREPARE = "python3 -B -m realmfleet.rehearsal.machine"
PING = "python3 -B -c 'from realmfleet.rehearsal import machine; print(machine.answers())'"
Run = Callable[[str], Outcome]


@pytest.fixture(scope="module")
def machine() -> Iterator[Run]:
    """Runs shell commands on a Debian 13 without Docker, and without systemd as PID 1."""
    client = engine.ready(quietly)
    stage = Stage(ROOT, "alpha", "fresh")
    name = stage.container("machine")
    # Of a test run that was killed.
    for left in client.containers.list(all=True, filters={"name": name}):
        left.remove(force=True, v=True)
    container = _start(client, name, stage.apt_volume)
    try:
        cache.fill(container, "fresh")
        setup = f"mount -o remount,rw /sys/fs/cgroup; echo {shlex.quote(cache.apt_conf('fresh'))}"
        droplets.execute(container, ["sh", "-c", f"{setup} > /{cache.APT_CONF}"])
        yield lambda command: droplets.execute(container, ["sh", "-c", command])
        cache.collect(container, "fresh")
    finally:
        container.remove(force=True, v=True)
        client.volumes.get(name).remove()


def _start(client: docker.DockerClient, name: str, apt_volume: str) -> Container:
    ours = {
        str(ROOT / room): {"bind": f"/src/{room}", "mode": "ro"}
        for room in ("realmfleet", "vagrant", "inventories")
    }
    # An overlay does not lie on another one: Docker's own files get a volume.
    volumes = {
        name: {"bind": "/var/lib/docker", "mode": "rw"},
        apt_volume: {"bind": cache.MOUNT, "mode": "rw"},
    }
    return client.containers.run(
        image.ensure(client, quietly),
        ["sleep", "infinity"],
        detach=True,
        working_dir="/src",
        name=name,
        cap_add=["SYS_ADMIN", "NET_ADMIN"],
        security_opt=["seccomp=unconfined", "apparmor=unconfined"],
        volumes=ours | volumes,
    )


def test_docker_and_mmdebstrap_are_installed_and_the_engine_answers(machine: Run) -> None:
    outcome = machine(PREPARE)
    assert outcome.code == 0, outcome.stderr
    assert outcome.stdout.splitlines()[0].startswith("Installing docker.io mmdebstrap")
    assert machine(PING).stdout == "True\n"
    assert machine("command -v mmdebstrap").code == 0


def test_a_second_run_finds_all_and_says_nothing(machine: Run) -> None:
    assert machine(PREPARE) == Outcome(0, "", "")


def test_a_killed_engine_is_started_again(machine: Run) -> None:
    # Its process stays a zombie here, since PID 1 is no init, and its pid file lies there.
    pids = ("/var/run/docker.pid", "/var/run/docker/containerd/containerd.pid")
    machine(f"kill -9 {' '.join(f'$(cat {path})' for path in pids)}; sleep 1")
    assert machine(PING).stdout == "False\n"
    outcome = machine(PREPARE)
    assert (outcome.code, outcome.stdout) == (0, "Starting the Docker engine\n"), outcome.stderr


def test_a_purged_engine_is_installed_again(machine: Run) -> None:
    machine("kill -9 $(cat /var/run/docker.pid); apt-get -qq purge -y docker.io")
    outcome = machine(PREPARE)
    assert outcome.code == 0, outcome.stderr
    assert outcome.stdout == "Installing docker.io\nStarting the Docker engine\n"


@pytest.mark.parametrize("fleet", ["alpha", "beta", "production"])
def test_vagrant_makes_the_machines_of_every_inventory(machine: Run, fleet: str) -> None:
    """With Debian's own package, and with what our two commands really answer."""
    installed = machine("command -v vagrant || python3 -B -m realmfleet.rehearsal.machine vagrant")
    assert installed.code == 0, installed.stderr
    answers = {
        "pyinfra": [f"inventories/{fleet}.py", "debug-inventory", "--json"],
        "realmfleet": ["sizes", "--json"],
    }
    for name, words in answers.items():
        answer = subprocess.check_output(
            [str(Path(sys.executable).parent / name), *words], cwd=ROOT, stderr=subprocess.DEVNULL
        ).decode()
        script = f'#!/bin/sh\ntest "$*" = {shlex.quote(" ".join(words))} || exit 1\n'
        script += f"cat <<'END'\n{answer}\nEND\n"
        machine(
            f"echo {shlex.quote(script)} > /usr/local/bin/{name}; chmod 755 /usr/local/bin/{name}"
        )
    outcome = machine(
        "export VAGRANT_HOME=/tmp/home VAGRANT_DOTFILE_PATH=/tmp/dot; "
        f"cd vagrant && FLEET={fleet} vagrant validate --ignore-provider"
    )
    assert outcome.code == 0, outcome.stdout + outcome.stderr
    assert "Vagrantfile validated successfully." in outcome.stdout
