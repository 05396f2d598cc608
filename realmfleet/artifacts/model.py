"""An artifact as an inventory names it. Pure: whether the file is there, fetch.py finds out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from realmfleet.fleet.mistakes import Mistake, nearest

Kind = Literal["executable", "pck", "archive"]

KEYS = ("path", "url", "version", "sha256", "command")
# It becomes a part of paths, unit environments and metrics.
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}")
SHA256 = re.compile(r"[0-9a-f]{64}")
# So much of the checksum tells two builds of one version apart.
SHORT = 12


@dataclass(frozen=True)
class Artifact:
    """One build. Exactly one of `path` and `url` is not empty.

    `sha256` may be empty for a path: then it stands in a file beside it. `command` is the
    executable within an archive.
    """

    path: str
    url: str
    version: str
    sha256: str = ""
    command: str = ""

    @property
    def source(self) -> str:
        """Where it comes from, for messages."""
        return self.path or self.url

    @property
    def kind(self) -> Kind:
        """What it is, by its name."""
        name = self.path or urlsplit(self.url).path
        if name.endswith((".tar.gz", ".tgz")):
            return "archive"
        return "pck" if name.endswith(".pck") else "executable"


def release_name(version: str, sha256: str) -> str:
    """The folder of a release: '1.0.0-0123456789ab'."""
    return f"{version}-{sha256[:SHORT]}"


def read(entry: Mapping[str, Any]) -> Artifact:
    """The artifact of an entry that has no mistakes."""
    return Artifact(**{"path": "", "url": "", **entry})


def mistakes(source: str, entry: Mapping[str, Any]) -> Iterator[Mistake]:
    """What is wrong with an entry as it is written. `source`: 'alpha-1: api_artifact'."""
    for key, value in entry.items():
        if key not in KEYS:
            yield Mistake(f"{source}: {key!r}", "unknown key", nearest(key, KEYS))
        elif not isinstance(value, str) or not value:
            yield Mistake(f"{source}: {key!r}", f"{value!r} is no text", "Write it in quotes.")
    if not entry:
        mend = "Name one: {'path': 'dist/game-api', 'version': '1.0.0'}."
        yield Mistake(source, "no artifact", mend)
        return
    known = {key: value for key, value in entry.items() if isinstance(value, str)}
    yield from _origin(source, known)
    yield from _version(source, known)
    yield from _checksum(source, known)
    yield from _command(source, known)


def _origin(source: str, entry: Mapping[str, str]) -> Iterator[Mistake]:
    named = [key for key in ("path", "url") if entry.get(key)]
    if len(named) != 1:
        what = "both a path and a url" if named else "neither a path nor a url"
        yield Mistake(source, what, "Give exactly one of them.")
    elif entry.get("url") and urlsplit(entry["url"]).scheme not in ("http", "https"):
        yield Mistake(f"{source}: 'url'", "it is no web address", "Begin it with https://.")


def _version(source: str, entry: Mapping[str, str]) -> Iterator[Mistake]:
    if not VERSION.fullmatch(version := entry.get("version", "")):
        what = f"{version!r} cannot name a release" if version else "no version"
        mend = "Write letters, digits, dots, hyphens, for example '1.0.0'."
        yield Mistake(f"{source}: 'version'", what, mend)


def _checksum(source: str, entry: Mapping[str, str]) -> Iterator[Mistake]:
    checksum = entry.get("sha256", "")
    if checksum and not SHA256.fullmatch(checksum):
        mend = "Copy the 64 digits that sha256sum prints."
        yield Mistake(f"{source}: 'sha256'", "it is no SHA-256", mend)
    elif entry.get("url") and not checksum:
        mend = "Add it: what a server sends must be what was built."
        yield Mistake(f"{source}: 'sha256'", "a url without its checksum", mend)


def _command(source: str, entry: Mapping[str, str]) -> Iterator[Mistake]:
    artifact = Artifact(entry.get("path", ""), entry.get("url", ""), "")
    command, archive = entry.get("command", ""), artifact.kind == "archive"
    if command and not archive:
        mend = "Take it out: only a .tar.gz needs one."
        yield Mistake(f"{source}: 'command'", f"{artifact.source} is no archive", mend)
    elif archive and not command:
        mend = "Say which of its files to run, for example 'bin/server'."
        yield Mistake(f"{source}: 'command'", "an archive without a command", mend)
    elif command and not inside(command):
        yield Mistake(f"{source}: 'command'", "it leaves the archive", "Write it relative to it.")


def inside(path: str) -> bool:
    """Whether a path of an archive stays within the folder in which it is unpacked."""
    depth = 0
    for part in path.split("/"):
        depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
        if depth < 0:
            return False
    return not path.startswith("/")
