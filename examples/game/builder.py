"""A throw-away container in which the sample game is built: no network, no rights, our labels."""

import io
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import docker
from docker.errors import NotFound
from docker.models.containers import Container

from realmfleet.rehearsal import droplets
from realmfleet.rehearsal.errors import RehearsalError
from realmfleet.rehearsal.image import Recipe
from realmfleet.rehearsal.stage import LABEL, Stage

RECIPE = Recipe(
    "realmfleet-builder",
    "the builder of the sample game",
    packages=(
        "golang-go",
        "golang-github-jackc-pgx-v4-dev",
        "golang-github-gomodule-redigo-dev",
        "golang-github-golang-jwt-jwt-v5-dev",
        "golang-github-prometheus-client-golang-dev",
        "golang-golang-x-crypto-dev",
        "ca-certificates",
        "godot3-server",
    ),
    # 300 of its 780 MB. The libraries depend on Amazon's, which nothing of ours imports.
    excluded=(
        "/usr/share/doc/*",
        "/usr/share/man/*",
        "/usr/share/locale/*",
        "/usr/share/gocode/src/github.com/aws/*",
        "/usr/share/go*_test.go",
        "/usr/share/go*/testdata/*",
        "/usr/share/go-*/test/*",
    ),
)
# A builder that was forgotten by a killed build ends by itself; a build takes one minute.
LIFE_S = 1800
# The compiler's last words, and no more: the first error is what counts.
TOLD_LINES = 40


@contextmanager
def builder(client: docker.DockerClient, image: str, stage: Stage) -> Iterator[Container]:
    """A running builder; one that a killed build has left behind is removed first."""
    name = f"{LABEL}-{stage.checkout}-builder"
    with suppress(NotFound):
        client.containers.get(name).remove(force=True, v=True)
    container = client.containers.run(
        image,
        ["sleep", str(LIFE_S)],
        name=name,
        labels={f"{LABEL}.checkout": stage.checkout, f"{LABEL}.builder": "yes"},
        network_mode="none",
        cap_drop=["ALL"],
        security_opt=["no-new-privileges"],
        auto_remove=True,
        detach=True,
    )
    try:
        yield container
    finally:
        with suppress(NotFound):
            container.remove(force=True, v=True)


def send(container: Container, files: Mapping[str, bytes]) -> None:
    """Put files into the builder, by their absolute paths."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, content in files.items():
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.mode, entry.size = 0o644, len(content)
            tar.addfile(entry, io.BytesIO(content))
    container.put_archive("/", buffer.getvalue())


def run(container: Container, folder: str, command: str, environment: Mapping[str, str]) -> None:
    """A shell command in a folder; RehearsalError with its last words where it fails."""
    order = ["env", f"--chdir={folder}", *(f"{k}={v}" for k, v in environment.items())]
    outcome = droplets.execute(container, [*order, "sh", "-c", command])
    if outcome.code:
        said = (outcome.stdout + outcome.stderr).strip().splitlines()
        words = "\n".join(said[-TOLD_LINES:]) or "it said nothing."
        raise RehearsalError(f"exit code {outcome.code}:\n{words}")


def fetch(container: Container, path: str) -> bytes:
    """A file out of the builder."""
    chunks, _ = container.get_archive(path)
    with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as tar:
        member = tar.extractfile(Path(path).name)
        assert member is not None, f"{path} is no file"
        return member.read()
