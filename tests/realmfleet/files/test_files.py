"""Files and directories as values: when one lies as asked, and what may be seen of it."""

import hashlib

import pytest

from realmfleet.files import Directory, File, PathState, paths

FILE = File("/etc/a", "text\n", "root", "redis", 0o640, secret=True)
HASH = hashlib.sha256(b"text\n").hexdigest()


@pytest.mark.parametrize(
    ("state", "same"),
    [
        (PathState(HASH, "root", "redis", 0o640), True),
        (PathState("0" * 64, "root", "redis", 0o640), False),
        (PathState(HASH, "redis", "redis", 0o640), False),
        (PathState(HASH, "root", "root", 0o640), False),
        (PathState(HASH, "root", "redis", 0o644), False),
        # A directory where a file should be.
        (PathState("", "root", "redis", 0o640), False),
    ],
)
def test_a_file_lies_as_asked_in_content_owner_group_and_mode(state, same):
    assert state.same_as(FILE) is same


@pytest.mark.parametrize(
    ("state", "same"),
    [
        (PathState("", "root", "root", 0o750), True),
        (PathState("", "root", "root", 0o755), False),
        (PathState("", "redis", "root", 0o750), False),
        # A file where a directory should be.
        (PathState(HASH, "root", "root", 0o750), False),
    ],
)
def test_a_directory_lies_as_asked_in_owner_and_mode(state, same):
    assert state.same_as(Directory("/var/a", mode=0o750)) is same


def test_a_file_never_shows_its_content_in_a_message():
    assert "text" not in repr(FILE)
    assert "/etc/a" in repr(FILE)


def test_what_is_sent_is_plain():
    assert FILE.as_payload() == {
        "path": "/etc/a",
        "content": "text\n",
        "owner": "root",
        "group": "redis",
        "mode": 0o640,
    }
    assert paths([FILE, Directory("/var/a")]) == ["/etc/a", "/var/a"]
