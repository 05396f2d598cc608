"""What an artifact's file holds, looked at before any droplet sees it."""

import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from realmfleet.artifacts.model import Artifact, inside

# What Linux can start, and what Godot packs.
# https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
ELF, SCRIPT, PCK = b"\x7fELF", b"#!", b"GDPC"


def faults(artifact: Artifact, file: Path) -> Iterator[tuple[str, str]]:
    """What is wrong with the file, and the mend; none where it can be a release."""
    with file.open("rb") as opened:
        head = opened.read(4)
    if artifact.kind == "archive":
        yield from _archive(artifact.command, file)
    elif artifact.kind == "pck" and head != PCK:
        yield "it is no .pck of Godot", "Export it again."
    elif artifact.kind == "executable" and not head.startswith((ELF, SCRIPT)):
        yield "it is no program for Linux", "Build it for linux/amd64."


def _archive(command: str, file: Path) -> Iterator[tuple[str, str]]:
    try:
        with tarfile.open(file, "r:gz") as opened:
            members = opened.getmembers()
    except (tarfile.TarError, OSError, EOFError) as error:
        yield f"it cannot be unpacked: {error}", "Pack it again: tar -czf."
        return
    for member in members:
        if what := _strange(member):
            yield f"{member.name!r} in it {what}", "Pack plain files of one folder."
            return
    found = [member for member in members if _same(member.name, command)]
    if not found:
        yield f"there is no {command!r} in it", "Correct its command."
    elif not (found[-1].isfile() and found[-1].mode & 0o111):
        yield f"{command!r} in it cannot be run", "Pack it with its x bit."


def _strange(member: tarfile.TarInfo) -> str:
    """Why a member may not be unpacked, empty where it may."""
    if not inside(member.name):
        return "leaves the folder"
    if member.issym():
        there = str(PurePosixPath(member.name).parent / member.linkname)
        return "" if inside(member.linkname if member.linkname[:1] == "/" else there) else _LEADS
    if member.islnk():
        return "" if inside(member.linkname) else _LEADS
    return "" if member.isfile() or member.isdir() else "is neither a file nor a folder"


_LEADS = "leads out of the folder"


def _same(name: str, command: str) -> bool:
    return PurePosixPath(name) == PurePosixPath(command)
