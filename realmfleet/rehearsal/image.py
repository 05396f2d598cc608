"""The droplet's image: a Debian 13 as a provider hands it out, with none of our services in it."""

import hashlib
import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import docker
from docker.errors import ImageNotFound

from realmfleet.rehearsal import machine
from realmfleet.rehearsal.errors import RehearsalError
from realmfleet.rehearsal.steps import Step

REPOSITORY = "realmfleet-droplet"
SUITE = "trixie"

# What a provider's Debian 13 has and a deploy relies on; python3 is there for cloud-init.
PACKAGES = (
    "systemd",
    "systemd-sysv",
    "dbus",
    "openssh-server",
    "python3",
    "sudo",
    "ca-certificates",
    "iproute2",
    "procps",
)

# Host keys and the machine's id are made for each droplet, never shared through the image.
HOOKS = ('rm -f "$1"/etc/ssh/ssh_host_*', ': >"$1"/etc/machine-id')

# On a machine with cgroup v2 Docker mounts the droplet's own tree read-only, and systemd
# needs to write to it; SYS_ADMIN may remount it. With cgroup v1 systemd runs as it is.
INIT = (
    'test "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs && mount -o remount,rw /sys/fs/cgroup; '
    "exec /sbin/init"
)
CHANGES = (f"CMD {json.dumps(['/bin/sh', '-c', INIT])}", "ENV container=docker")


def command(target: str) -> list[str]:
    """How mmdebstrap writes the image's tar file."""
    hooks = [f"--customize-hook={hook}" for hook in HOOKS]
    packages = f"--include={','.join(PACKAGES)}"
    return ["mmdebstrap", "--quiet", "--variant=minbase", packages, *hooks, SUITE, target]


def tag() -> str:
    """The image's name; another recipe has another one."""
    recipe = json.dumps([command(""), CHANGES])
    return f"{REPOSITORY}:{SUITE}-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"


def ensure(client: docker.DockerClient, step: Step) -> str:
    """The image's name; builds the image where the engine does not have it."""
    name = tag()
    try:
        client.images.get(name)
    except ImageNotFound:
        if packages := machine.missing_packages(["mmdebstrap"]):
            with step("Install mmdebstrap"):
                machine.install(packages)
        with step("Build the image of a Debian 13 droplet"):
            _build(client, name)
    return name


def remove(client: docker.DockerClient) -> None:
    """Remove every image of ours that no container uses."""
    for image in client.images.list(name=REPOSITORY):
        for name in image.tags:
            if not client.containers.list(all=True, filters={"ancestor": name}):
                client.images.remove(name)


def _build(client: docker.DockerClient, name: str) -> None:
    with tempfile.TemporaryDirectory(prefix="realmfleet-") as folder:
        # mmdebstrap may work as another user (unshare mode): it must be able to enter.
        Path(folder).chmod(0o755)
        tar = str(Path(folder) / "droplet.tar")
        _run(command(tar))
        repository, label = name.split(":")
        answer = client.api.import_image_from_file(
            tar, repository=repository, tag=label, changes=list(CHANGES)
        )
    if "error" in str(answer):
        raise RehearsalError(f"Docker did not take the droplet's image: {str(answer).strip()}")


def _run(order: Sequence[str]) -> None:
    result = subprocess.run(order, capture_output=True, text=True, check=False)
    if result.returncode:
        faults = [line for line in result.stderr.splitlines() if line.startswith("E:")]
        reason = faults[0] if faults else result.stderr.strip()[-300:]
        raise RehearsalError(f"mmdebstrap could not build the droplet's image: {reason}")
