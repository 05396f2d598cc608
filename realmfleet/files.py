"""A file as it shall lie on a droplet: path, text, owner, mode."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class File:
    """One whole file that we own. A secret one is never shown in a diff."""

    path: str
    content: str = field(repr=False)
    owner: str = "root"
    group: str = "root"
    mode: int = 0o644
    secret: bool = False

    @property
    def sha256(self) -> str:
        """The hash by which the file on the droplet is compared."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    def as_payload(self) -> dict[str, Any]:
        """What the program on the droplet needs to write it."""
        return {
            "path": self.path,
            "content": self.content,
            "owner": self.owner,
            "group": self.group,
            "mode": self.mode,
        }


@dataclass(frozen=True)
class Directory:
    """A directory that must exist, with its owner and mode."""

    path: str
    owner: str = "root"
    group: str = "root"
    mode: int = 0o755

    def as_payload(self) -> dict[str, Any]:
        """What the program on the droplet needs to make it."""
        return {"path": self.path, "owner": self.owner, "group": self.group, "mode": self.mode}


@dataclass(frozen=True)
class PathState:
    """A file or directory as it lies on a droplet; a directory has no hash."""

    sha256: str
    owner: str
    group: str
    mode: int

    def same_as(self, wanted: File | Directory) -> bool:
        """Whether content, owner and mode are as asked."""
        digest = wanted.sha256 if isinstance(wanted, File) else ""
        asked = (digest, wanted.owner, wanted.group, wanted.mode)
        return (self.sha256, self.owner, self.group, self.mode) == asked


def paths(wanted: Iterable[File | Directory]) -> list[str]:
    """Their paths, in order."""
    return [entry.path for entry in wanted]
