"""What droplets logged, shown now or kept for after the rehearsal."""

from collections.abc import Iterator
from typing import cast

import docker

from realmfleet.rehearsal import droplets
from realmfleet.rehearsal.stage import Stage


def command(unit: str | None, lines: int) -> list[str]:
    """The journal since boot, of one unit or of all."""
    chosen = ["--unit", unit] if unit else []
    return ["journalctl", "--boot", "--no-pager", "--lines", str(lines), *chosen]


def read(
    client: docker.DockerClient, stage: Stage, droplet: str, unit: str | None, lines: int
) -> Iterator[str]:
    """The journal of a running droplet, piece by piece."""
    container = droplets.containers(client, stage)[droplet]
    pieces = container.exec_run(command(unit, lines), stream=True).output
    for piece in cast(Iterator[bytes], pieces):
        yield piece.decode(errors="replace")


def save(client: docker.DockerClient, stage: Stage, lines: int = 20000) -> list[str]:
    """Write every running droplet's journal beside the checkout; the paths that were written."""
    stage.logs.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = []
    for name, container in droplets.containers(client, stage).items():
        if container.status == "running":
            path = stage.logs / f"{name}.log"
            path.write_text(droplets.execute(container, command(None, lines)).stdout)
            path.chmod(0o600)
            written.append(str(path.relative_to(stage.root)))
    return written
