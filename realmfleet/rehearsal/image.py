"""Images of Debian 13, made by mmdebstrap: the droplet's as a provider hands it out, and others."""

import hashlib
import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.errors import ImageNotFound

from realmfleet.rehearsal import machine
from realmfleet.rehearsal.errors import RehearsalError
from realmfleet.rehearsal.steps import Step

# Every image of ours, and nobody else's, is named so.
REPOSITORIES = "realmfleet-*"
SUITE = "trixie"


@dataclass(frozen=True)
class Recipe:
    """What goes into an image; `what` names it in messages."""

    repository: str
    what: str
    packages: tuple[str, ...]
    # Paths that dpkg leaves out, in its own patterns.
    excluded: tuple[str, ...] = ()
    # Shell lines; "$1" is the root of the new system.
    hooks: tuple[str, ...] = ()
    # Lines of a Dockerfile.
    changes: tuple[str, ...] = ()

    def command(self, target: str) -> list[str]:
        """How mmdebstrap writes the image's tar file."""
        options = [
            f"--include={','.join(self.packages)}",
            *(f"--dpkgopt=path-exclude={pattern}" for pattern in self.excluded),
            *(f"--customize-hook={hook}" for hook in self.hooks),
        ]
        return ["mmdebstrap", "--quiet", "--variant=minbase", *options, SUITE, target]

    @property
    def tag(self) -> str:
        """The image's name; another recipe has another one."""
        recipe = json.dumps([self.command(""), self.changes])
        return f"{self.repository}:{SUITE}-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"


# On a machine with cgroup v2 Docker mounts the droplet's own tree read-only, and systemd
# needs to write to it; SYS_ADMIN may remount it. With cgroup v1 systemd runs as it is.
INIT = (
    'test "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs && mount -o remount,rw /sys/fs/cgroup; '
    "exec /sbin/init"
)

DROPLET = Recipe(
    "realmfleet-droplet",
    "a Debian 13 droplet",
    # What a provider's Debian 13 has and a deploy relies on; python3 is there for cloud-init.
    packages=(
        "systemd",
        "systemd-sysv",
        "dbus",
        "openssh-server",
        "python3",
        "sudo",
        "ca-certificates",
        "iproute2",
        "procps",
    ),
    # Host keys and the machine's id are made for each droplet, never shared through the image.
    hooks=('rm -f "$1"/etc/ssh/ssh_host_*', ': >"$1"/etc/machine-id'),
    changes=(f"CMD {json.dumps(['/bin/sh', '-c', INIT])}", "ENV container=docker"),
)


def ensure(client: docker.DockerClient, step: Step, recipe: Recipe = DROPLET) -> str:
    """The image's name; builds the image where the engine does not have it."""
    try:
        client.images.get(recipe.tag)
    except ImageNotFound:
        if packages := machine.missing_packages(["mmdebstrap"]):
            with step("Install mmdebstrap"):
                machine.install(packages)
        with step(f"Build the image of {recipe.what}"):
            _build(client, recipe)
    return recipe.tag


def remove(client: docker.DockerClient) -> None:
    """Remove every image of ours that no container uses."""
    for image in client.images.list(name=REPOSITORIES):
        for name in image.tags:
            if not client.containers.list(all=True, filters={"ancestor": name}):
                client.images.remove(name)


def _build(client: docker.DockerClient, recipe: Recipe) -> None:
    with tempfile.TemporaryDirectory(prefix="realmfleet-") as folder:
        # mmdebstrap may work as another user (unshare mode): it must be able to enter.
        Path(folder).chmod(0o755)
        tar = str(Path(folder) / "image.tar")
        _run(recipe.command(tar), recipe.what)
        repository, label = recipe.tag.split(":")
        answer = client.api.import_image_from_file(
            tar, repository=repository, tag=label, changes=list(recipe.changes)
        )
    if "error" in str(answer):
        raise RehearsalError(
            f"Docker did not take the image of {recipe.what}: {str(answer).strip()}"
        )


def _run(order: Sequence[str], what: str) -> None:
    result = subprocess.run(order, capture_output=True, text=True, check=False)
    if result.returncode:
        faults = [line for line in result.stderr.splitlines() if line.startswith("E:")]
        reason = faults[0] if faults else result.stderr.strip()[-300:]
        raise RehearsalError(f"mmdebstrap could not build the image of {what}: {reason}")
