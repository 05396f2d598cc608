"""A release is unpacked whole or not at all, and an upload that was changed never."""

import hashlib

import pytest

CONTENT = b"#!/bin/sh\necho ready\n"


@pytest.fixture
def install(tmp_path, program):
    (tmp_path / "releases").mkdir()
    (tmp_path / "upload").mkdir()

    def install(content=CONTENT, kind="executable", name="api"):
        upload = tmp_path / "upload" / "x"
        upload.write_bytes(content)
        payload = {
            "root": str(tmp_path),
            "release": "1.0.0-abc",
            "version": "1.0.0",
            "upload": str(upload),
            "name": name,
            "sha256": hashlib.sha256(CONTENT).hexdigest(),
            "kind": kind,
            "command": "",
            "engine": "/usr/bin/engine",
        }
        return program("install_release", payload)

    return install


def test_an_executable_gets_its_folder(install, tmp_path):
    assert install().returncode == 0
    folder = tmp_path / "releases" / "1.0.0-abc"
    assert (folder / "start").read_bytes() == CONTENT
    assert (folder / "release.env").read_text() == "RELEASE=1.0.0\n"
    assert (folder / "files" / "api").stat().st_mode & 0o777 == 0o755
    assert "  files/api\n" in (folder / "manifest").read_text()
    assert list((tmp_path / "upload").iterdir()) == []


def test_a_pck_is_started_by_the_engine(install, tmp_path):
    assert install(kind="pck", name="zone.pck").returncode == 0
    folder = tmp_path / "releases" / "1.0.0-abc"
    start = f"exec /usr/bin/engine --main-pack '{folder}/files/zone.pck'"
    assert start in (folder / "start").read_text()


def test_a_tampered_upload_is_refused_and_gone(install, tmp_path):
    done = install(content=CONTENT + b"evil")
    assert done.returncode == 1
    assert "not what was sent" in done.stderr
    assert list((tmp_path / "releases").iterdir()) == []
    assert list((tmp_path / "upload").iterdir()) == []


def test_what_a_killed_run_left_goes_and_a_damaged_release_is_replaced(install, tmp_path):
    (tmp_path / "releases" / ".new-0.9-abc").mkdir()
    assert install().returncode == 0
    damaged = tmp_path / "releases" / "1.0.0-abc" / "files" / "api"
    damaged.write_text("evil")
    assert install().returncode == 0
    assert damaged.read_bytes() == CONTENT
    assert [path.name for path in (tmp_path / "releases").iterdir()] == ["1.0.0-abc"]
