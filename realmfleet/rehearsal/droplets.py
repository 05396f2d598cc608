"""Droplets as Docker containers with systemd and sshd."""

import os
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

import docker
from docker.errors import APIError
from docker.models.containers import Container
from docker.types import NetworkingConfig
from docker.utils.socket import STDERR, STDOUT, frames_iter

from realmfleet.fleet import Droplet
from realmfleet.rehearsal import cache, receiver
from realmfleet.rehearsal.access import Access, tar_of
from realmfleet.rehearsal.errors import RehearsalError
from realmfleet.rehearsal.stage import LABEL, Stage

# What systemd and our services need, found by trial; --privileged fails where the machine
# itself is confined, and would let a droplet change the machine.
CAPABILITIES = (
    "SYS_ADMIN",
    "NET_ADMIN",
    "SYS_NICE",
    "SYS_PTRACE",
    "SYSLOG",
    "DAC_READ_SEARCH",
    "IPC_LOCK",
)
NEEDED = f"The engine must grant {', '.join(CAPABILITIES)}; a rootless or nested one may not."
# WireGuard's userspace daemon needs it.
TUN = Path("/dev/net/tun")
# The SDK loses what arrives together with its answer's headers: on a busy machine that is the
# output of a quick command. So each waits for a line from us, who have read the headers.
AT_OUR_WORD = ("sh", "-c", 'read -r _; exec "$@" < /dev/null', "sh")
# systemd boots in 4 s here; ten droplets at once on two cores take longer.
BOOT_S = 120


@dataclass(frozen=True)
class Outcome:
    """What a command on a droplet answered."""

    code: int
    stdout: str
    stderr: str


def execute(container: Container, command: Sequence[str]) -> Outcome:
    """Run a command as root inside a droplet, without SSH."""
    assert container.client is not None and container.id is not None
    api = container.client.api
    made = api.exec_create(container.id, [*AT_OUR_WORD, *command], stdin=True)["Id"]
    said = {STDOUT: b"", STDERR: b""}
    # A droplet that dies meanwhile has said what it has said.
    with closing(api.exec_start(made, socket=True)) as pipe, suppress(ConnectionError):
        os.write(pipe.fileno(), b"\n")  # type: ignore[union-attr]  # its stub errs
        for stream, part in frames_iter(pipe, tty=False):  # type: ignore[no-untyped-call]
            said[stream] += part
    stdout, stderr = (part.decode(errors="replace") for part in said.values())
    # Docker knows no code of a command that it lost sight of, a dying droplet's for example.
    code = api.exec_inspect(made)["ExitCode"]
    return Outcome(-1 if code is None else code, stdout, stderr)


def containers(client: docker.DockerClient, stage: Stage) -> dict[str, Container]:
    """The rehearsal's containers by droplet, whether they run or not."""
    found = client.containers.list(all=True, filters=dict(stage.label_filter))
    return {container.labels[f"{LABEL}.droplet"]: container for container in found}


def address(container: Container) -> IPv4Address:
    """The address that was given to a container when it was made."""
    (network,) = container.attrs["NetworkSettings"]["Networks"].values()
    return IPv4Address((network["IPAMConfig"] or {})["IPv4Address"])


def ensure(
    client: docker.DockerClient,
    stage: Stage,
    droplet: Droplet,
    ip: IPv4Address,
    image: str,
    access: Access,
) -> None:
    """Make the droplet's container where there is none, start it where it stands still."""
    container = containers(client, stage).get(droplet.name)
    if container is None:
        with _explained():
            container = _create(client, stage, droplet, ip, image)
    if container.status == "created":
        # Also where an earlier `up` was stopped between making and starting it.
        more = receiver.files(droplet)
        container.put_archive("/", tar_of(stage.container(droplet.name), access, more))
    if container.attrs["HostConfig"]["Memory"] != _bytes(droplet):
        container.update(mem_limit=_bytes(droplet), memswap_limit=_bytes(droplet))
    boot(container, ip)
    cache.fill(container, stage.container(droplet.name))


def boot(container: Container, ip: IPv4Address) -> None:
    """Start it where it stands still, and wait until systemd has booted and sshd answers."""
    if container.status != "running":
        with _explained():
            container.start()
    _wait(container, ip)


def _create(
    client: docker.DockerClient, stage: Stage, droplet: Droplet, ip: IPv4Address, image: str
) -> Container:
    api = client.api
    endpoint = {stage.network: api.create_endpoint_config(ipv4_address=str(ip))}
    made = api.create_container(
        image,
        name=stage.container(droplet.name),
        hostname=droplet.name,
        labels=stage.labels | {f"{LABEL}.droplet": droplet.name},
        stop_signal="SIGRTMIN+3",
        host_config=_host_config(client, stage, droplet),
        networking_config=NetworkingConfig(endpoint),  # type: ignore[arg-type]  # its stub errs
    )
    return client.containers.get(made["Id"])


def _host_config(client: docker.DockerClient, stage: Stage, droplet: Droplet) -> dict[str, object]:
    config: dict[str, object] = client.api.create_host_config(
        cap_add=list(CAPABILITIES),
        security_opt=["seccomp=unconfined", "apparmor=unconfined"],
        cgroupns="private",
        tmpfs={"/run": "", "/run/lock": "", "/tmp": ""},
        devices=[f"{TUN}:{TUN}:rwm"] if TUN.exists() else [],
        binds={stage.apt_volume: {"bind": cache.MOUNT, "mode": "rw"}},
        network_mode=stage.network,
        mem_limit=_bytes(droplet),
        memswap_limit=_bytes(droplet),
        # Docker's 64 MB break PostgreSQL's parallel queries.
        shm_size="1g",
    )
    # The client's `systempaths=unconfined`, for which the SDK has no word.
    return config | {"MaskedPaths": [], "ReadonlyPaths": []}


@contextmanager
def _explained() -> Iterator[None]:
    """An engine's refusal as one message."""
    try:
        yield
    except APIError as error:
        raise RehearsalError(
            f"The Docker engine cannot run a droplet: {error.explanation or error}. {NEEDED}"
        ) from None


def _wait(container: Container, ip: IPv4Address) -> None:
    deadline = time.monotonic() + BOOT_S
    state = "starting"
    while state not in ("running", "degraded"):
        container.reload()
        if container.status == "exited":
            raise RehearsalError(_boot_failed(container, "systemd gave up"))
        _until(deadline, container, f"systemd still says {state!r}")
        state = _systemd_state(container)
    while not _ssh_answers(ip):
        _until(deadline, container, "sshd does not answer")


def _systemd_state(container: Container) -> str:
    try:
        return execute(container, ["systemctl", "is-system-running"]).stdout.strip()
    except APIError:
        # It went down between our look and our question; the next look sees it.
        return "gone"


def _until(deadline: float, container: Container, what: str) -> None:
    if time.monotonic() > deadline:
        raise RehearsalError(_boot_failed(container, what))
    time.sleep(0.2)


def _boot_failed(container: Container, what: str) -> str:
    said = container.logs(tail=5).decode(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(said) if line.strip()), "nothing")
    return f"{container.name} does not boot: {what} (its last words: {last}). {NEEDED}"


def _ssh_answers(ip: IPv4Address) -> bool:
    try:
        with socket.create_connection((str(ip), 22), timeout=2) as connection:
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False


def _bytes(droplet: Droplet) -> int:
    return droplet.size.memory_mb * 1024 * 1024
