"""Files that a kill cannot spoil: written beside their place, then moved into it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from realmfleet.secrets.errors import SecretsError

PRIVATE_FILE, PRIVATE_DIR = 0o600, 0o700


def make_dir(path: Path) -> None:
    """A folder for private files; one that exists keeps its mode."""
    try:
        path.mkdir(mode=PRIVATE_DIR, parents=True, exist_ok=True)
    except OSError as error:
        raise SecretsError(path, str(error.strerror), "Make that folder writable.") from None


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One writer at a time in this folder, across processes; a killed one lets go by itself."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def replace(path: Path, content: bytes) -> None:
    """The file with this content, 0600: wholly the old one or wholly the new. Hold the lock."""
    try:
        _beside(path, content).replace(path)
        _settle(path.parent)
    except OSError as error:
        raise SecretsError(path, str(error.strerror), "Nothing was changed.") from None


def create(path: Path, content: bytes) -> None:
    """The same for a file that must not exist yet. FileExistsError if it does. Hold the lock."""
    beside = _beside(path, content)
    try:
        path.hardlink_to(beside)
    finally:
        beside.unlink()
    _settle(path.parent)


def _beside(path: Path, content: bytes) -> Path:
    """The content on disk under another name: a killed writer's remains are written over."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return beside


def _settle(folder: Path) -> None:
    """A rename is only safe from a power cut once its folder is on disk too."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
