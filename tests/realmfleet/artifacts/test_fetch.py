"""Artifacts that are refused before any droplet is contacted, each with one readable mistake."""

import hashlib
import io
import tarfile

import pytest

from realmfleet.artifacts.fetch import ArtifactError, fetch
from realmfleet.artifacts.model import inside, release_name

SOURCE = "alpha-1: api_artifact"
PROGRAM = b"#!/bin/sh\nexit 0\n"


@pytest.fixture
def build(tmp_path):
    """Writes a build and its checksum beside it."""

    def build(name="api", content=PROGRAM, checksum=True):
        (tmp_path / name).write_bytes(content)
        if checksum:
            line = f"{hashlib.sha256(content).hexdigest()}  {name}\n"
            (tmp_path / f"{name}.sha256").write_text(line)
        return {"path": name, "version": "1.0.0"}

    return build


def packed(name="bin/server", link="", mode=0o755):
    member = tarfile.TarInfo(name)
    member.mode, member.size = mode, 0 if link else len(PROGRAM)
    if link:
        member.type, member.linkname = tarfile.SYMTYPE, link
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as archive:
        archive.addfile(member, io.BytesIO(PROGRAM))
    return whole.getvalue()


def refusal(entry, root):
    with pytest.raises(ArtifactError) as refused:
        fetch(SOURCE, entry, root)
    return str(refused.value)


def test_a_good_build_is_taken(build, tmp_path):
    found = fetch(SOURCE, build(), tmp_path)
    assert found.release == release_name("1.0.0", hashlib.sha256(PROGRAM).hexdigest())
    assert (found.kind, found.file) == ("executable", tmp_path / "api")


def test_a_good_archive_is_taken(build, tmp_path):
    entry = build("api.tar.gz", packed()) | {"command": "bin/server"}
    assert fetch(SOURCE, entry, tmp_path).kind == "archive"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({}, "no artifact. Name one"),
        ({"path": "a", "version": "1", "versoin": "2"}, "unknown key. Did you mean 'version'?"),
        ({"path": "a"}, "no version"),
        ({"path": "a", "version": "1/2"}, "'1/2' cannot name a release"),
        ({"path": "a", "url": "https://b", "version": "1"}, "both a path and a url"),
        ({"url": "https://b/c", "version": "1"}, "a url without its checksum"),
        ({"url": "file:///c", "version": "1", "sha256": "a" * 64}, "it is no web address"),
        ({"path": "a.tar.gz", "version": "1"}, "an archive without a command"),
        ({"path": "a", "version": "1"}, "there is no a. Build it"),
        ({"path": "examples/game/dist/a", "version": "1"}, "Run: make game"),
    ],
)
def test_what_is_written_wrongly(entry, says, tmp_path):
    assert says in refusal(entry, tmp_path)


def test_what_lies_there_wrongly(build, tmp_path):
    assert "asked aaaaaaaaaaaa" in refusal(build() | {"sha256": "a" * 64}, tmp_path)
    assert "no checksum" in refusal(build("other", checksum=False), tmp_path)
    assert "no program for Linux" in refusal(build("mac", b"\xcf\xfa\xed\xfe"), tmp_path)
    assert "no .pck of Godot" in refusal(build("zone.pck", b"GDPX"), tmp_path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (packed("../bin/server"), "leaves the folder"),
        (packed("/bin/server"), "leaves the folder"),
        (packed(link="../../etc/passwd"), "leads out of the folder"),
        (packed("bin/other"), "there is no 'bin/server' in it"),
        (packed(mode=0o644), "cannot be run"),
        (b"no archive", "cannot be unpacked"),
    ],
)
def test_archives_that_are_refused(build, tmp_path, content, says):
    entry = build("api.tar.gz", content) | {"command": "bin/server"}
    assert says in refusal(entry, tmp_path)


def test_paths_inside():
    assert inside("a/../b")
    assert not inside("a/../../b")
