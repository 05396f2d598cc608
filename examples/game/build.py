"""Build the sample game into dist/: its API from Go, its zone server and bots as Godot packs.

What has not changed is not built again. A kill leaves nothing half-written: run it again.
"""

import fcntl
import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
from builder import RECIPE, builder, fetch, run, send
from docker.errors import DockerException
from docker.models.containers import Container
from parts import OUT, WORK, Part, files_of, parts, stamp

from realmfleet.cli.progress import say, step
from realmfleet.inventory import ROOT
from realmfleet.rehearsal import engine, image
from realmfleet.rehearsal.errors import RehearsalError
from realmfleet.rehearsal.stage import Stage

GAME = Path(__file__).parent
DIST = GAME / "dist"


def main() -> int:
    """Build what is missing or has changed; exit 1 with one message where that fails."""
    try:
        with _alone():
            _build()
    except RehearsalError as error:
        say(str(error))
        return 1
    except DockerException as error:
        say(f"Docker: {error}")
        return 1
    except KeyboardInterrupt:
        say("Stopped. Run the same command again to go on.")
        return 130
    return 0


def _build() -> None:
    version = (GAME / "VERSION").read_text().strip()
    due = []
    for part in parts(version):
        if not files_of(GAME / part.folder):
            say(f"{part.name} is not built: examples/game/{part.folder} has no files")
        elif not _up_to_date(part):
            due.append(part)
    if not due:
        say(f"The sample game {version} is built already")
        return
    client = engine.ready(step)
    name = image.ensure(client, step, RECIPE)
    with _builder(client, name) as container:
        for part in due:
            _make(container, part)


@contextmanager
def _builder(client: docker.DockerClient, name: str) -> Iterator[Container]:
    with builder(client, name, Stage(ROOT, "game")) as container:
        run(container, "/", f"mkdir -p {OUT} {WORK}/tmp", {})
        yield container


def _make(container: Container, part: Part) -> None:
    folder = GAME / part.folder
    mark = stamp(part, folder, RECIPE.tag)
    files = {f"{part.source}/{p.relative_to(folder)}": p.read_bytes() for p in files_of(folder)}
    send(container, files)
    for what, command in part.steps:
        try:
            with step(what):
                run(container, part.source, command, part.environment)
        except RehearsalError as error:
            at = folder.relative_to(ROOT)
            raise RehearsalError(f"{what} failed in {at}, {error}") from None
    _keep(part, fetch(container, f"{OUT}/{part.name}"), mark)


def _keep(part: Part, content: bytes, mark: str) -> None:
    """The stamp goes first and comes last: it stands only beside what it speaks of."""
    _stamp_of(part).unlink(missing_ok=True)
    digest = hashlib.sha256(content).hexdigest()
    _write(DIST / part.name, content, 0o755 if part.folder == "api" else 0o644)
    _write(DIST / f"{part.name}.sha256", f"{digest}  {part.name}\n".encode(), 0o644)
    _write(_stamp_of(part), f"{mark} {digest}\n".encode(), 0o644)


def _up_to_date(part: Part) -> bool:
    built, mark = DIST / part.name, stamp(part, GAME / part.folder, RECIPE.tag)
    if not (built.exists() and _stamp_of(part).exists() and _sum_of(part).exists()):
        return False
    digest = hashlib.sha256(built.read_bytes()).hexdigest()
    told = _sum_of(part).read_text().split()[:1]
    return _stamp_of(part).read_text().split() == [mark, digest] and told == [digest]


def _stamp_of(part: Part) -> Path:
    return DIST / f".{part.name}.stamp"


def _sum_of(part: Part) -> Path:
    return DIST / f"{part.name}.sha256"


def _write(path: Path, content: bytes, mode: int) -> None:
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(content)
    new.chmod(mode)
    new.replace(path)


@contextmanager
def _alone() -> Iterator[None]:
    """One build at a time in a checkout: they share its folder and its builder's name."""
    DIST.mkdir(exist_ok=True)
    with (DIST / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
