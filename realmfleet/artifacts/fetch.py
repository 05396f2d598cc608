"""The artifact's file on the operator's machine: found or downloaded, and checked.

Droplets that hold data may not ask the internet for it, so the operator's machine does.
"""

import hashlib
import os
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

from realmfleet.artifacts.content import faults
from realmfleet.artifacts.model import (
    SHA256,
    Artifact,
    Kind,
    mistakes,
    read,
    release_name,
)
from realmfleet.fleet import Mistake

# The checkout: paths of artifacts begin here.
ROOT = Path(__file__).resolve().parents[2]
SAMPLE = "examples/game/dist/"
# A server that says nothing for so long is taken for dead.
SILENT_S = 30


class ArtifactError(Exception):
    """Artifacts that cannot be deployed: each mistake names the entry, the fault and the mend."""

    def __init__(self, *found: Mistake) -> None:
        self.mistakes = found
        super().__init__("\n".join(str(mistake) for mistake in found))


@dataclass(frozen=True)
class Fetched:
    """An artifact whose file is here and is what it claims to be."""

    file: Path
    sha256: str
    version: str
    kind: Kind
    command: str

    @property
    def release(self) -> str:
        """The folder that it gets on a droplet."""
        return release_name(self.version, self.sha256)


def fetch(source: str, entry: Mapping[str, Any], root: Path = ROOT) -> Fetched:
    """The checked file of an entry. ArtifactError where anything is wrong with either.

    `source` says where the entry stands, for example 'alpha-1: api_artifact'.
    """
    if found := [*mistakes(source, entry)]:
        raise ArtifactError(*found)
    artifact = read(entry)
    file, sha256 = _file(source, artifact, root)
    for what, mend in faults(artifact, file):
        raise ArtifactError(Mistake(source, f"{artifact.source}: {what}", mend))
    return Fetched(file, sha256, artifact.version, artifact.kind, artifact.command)


def _file(source: str, artifact: Artifact, root: Path) -> tuple[Path, str]:
    if artifact.url:
        return _downloaded(source, artifact), artifact.sha256
    file = root / artifact.path
    if not file.is_file():
        sample = artifact.path.startswith(SAMPLE)
        mend = "Run: make game" if sample else "Build it, or correct the path."
        raise ArtifactError(Mistake(source, f"there is no {artifact.path}", mend))
    wanted = artifact.sha256 or _beside(source, artifact, file)
    if (found := digest(file)) != wanted:
        what = f"{artifact.path} has the checksum {found[:12]}, asked {wanted[:12]}"
        raise ArtifactError(Mistake(source, what, "Build it again, or correct its sha256."))
    return file, wanted


def _beside(source: str, artifact: Artifact, file: Path) -> str:
    """The checksum in '<path>.sha256', as sha256sum writes it."""
    path = file.with_name(f"{file.name}.sha256")
    words = path.read_text(errors="replace").split() if path.is_file() else []
    if words and SHA256.fullmatch(words[0]):
        return words[0]
    what = f"no checksum, neither in the entry nor in {artifact.path}.sha256"
    raise ArtifactError(Mistake(source, what, f"Run: sha256sum {file.name} > {path.name}"))


def _downloaded(source: str, artifact: Artifact) -> Path:
    """The file in the cache, named by its checksum; downloaded where it is not there yet."""
    file = cache() / artifact.sha256
    if file.is_file() and digest(file) == artifact.sha256:
        return file
    file.parent.mkdir(parents=True, exist_ok=True)
    coming = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        _download(artifact.url, coming)
        if (found := digest(coming)) != artifact.sha256:
            what = f"{artifact.url} has the checksum {found[:12]}, asked {artifact.sha256[:12]}"
            raise ArtifactError(Mistake(source, what, "Correct the url or its sha256."))
        coming.replace(file)
    except (HTTPException, OSError) as error:
        what = f"{artifact.url} cannot be downloaded: {getattr(error, 'reason', error)}"
        raise ArtifactError(Mistake(source, what, "Correct the url, or try again.")) from error
    finally:
        coming.unlink(missing_ok=True)
    return file


def _download(url: str, file: Path) -> None:
    # The scheme was checked: nothing but http and https comes here.
    with urllib.request.urlopen(url, timeout=SILENT_S) as answer, file.open("wb") as opened:
        while block := answer.read(1 << 20):
            opened.write(block)


def cache() -> Path:
    """Where downloads stay, across checkouts."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "realmfleet" / "artifacts"


def digest(file: Path) -> str:
    """The file's SHA-256."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
