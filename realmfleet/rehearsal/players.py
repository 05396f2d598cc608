"""Players of a rehearsal: a container beside the droplets, which knows only what players know."""

import io
import json
import tarfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docker.errors import NotFound
from docker.models.containers import Container

from realmfleet.rehearsal.errors import RehearsalError
from realmfleet.rehearsal.play import Rehearsal
from realmfleet.rehearsal.stage import LABEL
from realmfleet.secrets.rehearsed import CA

# Logins are spread, and the last saves are waited for; then somebody hangs.
PATIENCE_S = 120
FOLDER = "/play"
# The engine checks a certificate's names, never addresses: the rehearsal's has this one.
NAME = "localhost"


@dataclass(frozen=True)
class Played:
    """`summary` is the game's own account (docs/game.md); `code` 0: nobody met any trouble."""

    code: int
    summary: Mapping[str, Any]
    said: str


def play(
    rehearsal: Rehearsal, image: str, pack: Path, settings: Mapping[str, str], seconds: int
) -> Played:
    """Let the pack's bots play against the fleet's edge until they are done.

    `image` has Godot's server; `settings` are the pack's own variables. RehearsalError where
    they never end or say nothing usable.
    """
    container = _create(rehearsal, image, pack, settings)
    try:
        container.start()
        return _result(container, seconds + PATIENCE_S)
    finally:
        with suppress(NotFound):
            container.remove(force=True, v=True)


def _create(rehearsal: Rehearsal, image: str, pack: Path, settings: Mapping[str, str]) -> Container:
    stage = rehearsal.stage
    (edge, *_) = rehearsal.fleet.carrying("haproxy")
    environment = {
        "API_URL": f"https://{NAME}",
        "API_ADDRESS": str(rehearsal.addresses[edge.name]),
        "API_CA": f"{FOLDER}/{CA}",
        "HOME": "/tmp",
        **settings,
    }
    container = rehearsal.client.containers.create(
        image,
        ["godot3-server", "--main-pack", f"{FOLDER}/{pack.name}"],
        name=f"{stage.network}-players-{time.time_ns()}",
        labels={f"{LABEL}.checkout": stage.checkout, f"{LABEL}.players": stage.network},
        network=stage.network,
        environment=environment,
        cap_drop=["ALL"],
        security_opt=["no-new-privileges"],
    )
    container.put_archive("/", _archive(pack, stage.dir / CA))
    return container


def _archive(*files: Path) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for file in files:
            content = file.read_bytes()
            entry = tarfile.TarInfo(f"{FOLDER.lstrip('/')}/{file.name}")
            entry.mode, entry.size = 0o644, len(content)
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _result(container: Container, patience_s: int) -> Played:
    deadline = time.monotonic() + patience_s
    while container.status != "exited":
        if time.monotonic() > deadline:
            said = container.logs(tail=20).decode(errors="replace")
            raise RehearsalError(f"The players did not end within {patience_s} s:\n{said}")
        time.sleep(0.5)
        container.reload()
    said = container.logs().decode(errors="replace")
    spoken = container.logs(stderr=False).decode(errors="replace").strip().splitlines()
    try:
        summary = json.loads(spoken[-1])
    except (ValueError, IndexError):
        raise RehearsalError(f"The players said nothing usable:\n{said[-2000:]}") from None
    return Played(int(container.attrs["State"]["ExitCode"]), summary, said)
