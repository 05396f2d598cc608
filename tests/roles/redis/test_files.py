"""Redis's files: two instances that share nothing, and users by hash only."""

import hashlib

import pytest

from roles.redis import files
from roles.redis.instances import INSTANCES, USERS

SECRETS = {user.secret: f"word-{user.name}" for user in USERS}


@pytest.fixture
def laid(alpha):
    fleet, droplet = alpha()
    return {file.path: file for file in files.files(fleet, droplet, SECRETS)}


def values(file):
    lines = (line.split(" ", 1) for line in file.content.splitlines() if line[:1].isalpha())
    return {name: value for name, *rest in lines for value in rest}


def test_nobody_logs_in_without_a_name_and_passwords_lie_as_hashes(laid):
    for instance in INSTANCES:
        acl = laid[f"/etc/redis/{instance.name}.acl"]
        first, *users = acl.content.splitlines()
        assert first == "user default off"
        for user, line in zip(USERS, users, strict=True):
            digest = hashlib.sha256(SECRETS[user.secret].encode()).hexdigest()
            assert line.startswith(f"user {user.name} on #{digest} ")
        assert not any(word in acl.content for word in SECRETS.values())
        assert (acl.owner, acl.mode, acl.secret) == ("redis", 0o600, True)


def test_two_instances_share_no_port_folder_or_file(laid):
    session, board = (values(laid[files.configuration(one.name)]) for one in INSTANCES)
    for name in ("port", "dir", "aclfile"):
        assert session[name] != board[name]
    assert session["maxmemory-policy"] == "allkeys-lru"
    assert board["maxmemory-policy"] == "noeviction"


def test_each_unit_watches_its_own_files_and_no_others(laid):
    session, board = (unit for unit in files.units() if unit.running)
    assert set(session.restart) & set(board.restart) == {files.DROP_IN}
    own = {path for path in laid if not path.startswith("/etc/realmfleet/units/")}
    assert {*session.restart, *board.restart} == own
    assert not session.reload and not board.reload


def test_the_packages_single_server_stays_off():
    assert [u.name for u in files.units() if not u.running] == ["redis-server.service"]


def test_each_instance_has_a_folder_that_nobody_else_reads():
    folders = {folder.path: (folder.owner, folder.mode) for folder in files.directories()}
    assert folders == {f"/var/lib/redis/{one.name}": ("redis", 0o750) for one in INSTANCES}
