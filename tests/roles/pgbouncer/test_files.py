"""PgBouncer's files: who is known, what a reload cannot change, and what the unit watches."""

import re

import pytest

from realmfleet.secrets.scram import verifier
from roles.pgbouncer import files
from roles.pgbouncer.settings import START_ONLY
from roles.postgres.access import access

SECRETS = {name: f"word-{name}" for name in files.PASSWORDS.values()}


@pytest.fixture
def laid(alpha):
    fleet, droplet = alpha()
    return {file.path: file for file in files.files(fleet, droplet, SECRETS)}


def test_users_are_known_by_the_verifiers_that_postgresql_keeps(laid):
    known = dict(re.findall(r'^"(.*)" "(.*)"$', laid[files.USERS].content, re.MULTILINE))
    assert known == {role: verifier(SECRETS[name], role) for role, name in files.PASSWORDS.items()}
    assert not any(word in laid[files.USERS].content for word in SECRETS.values())


def test_who_comes_through_the_pool_has_a_password_in_postgresql(alpha):
    logins = {role.name: role.secret for role in access(*alpha()).roles if role.secret}
    pooled = {role: name for role, name in files.PASSWORDS.items() if role in logins}
    assert set(pooled) == {"application", "analytics"}
    assert all(logins[role] == name for role, name in pooled.items())


def test_what_is_read_only_at_the_start_lies_apart(laid):
    at_start = re.findall(r"^(\w+) = ", laid[files.LISTEN].content, re.MULTILINE)
    assert set(at_start) <= START_ONLY
    main = re.findall(r"^(\w+) = ", laid[files.MAIN].content, re.MULTILINE)
    assert not set(main) & START_ONLY
    assert f"%include {files.LISTEN}" in laid[files.MAIN].content


def test_the_unit_watches_every_file(laid):
    own = {path for path in laid if not path.startswith("/etc/realmfleet/units/")}
    assert {*files.UNIT.restart, *files.UNIT.reload} == own
    assert files.LISTEN in files.UNIT.restart
    assert files.MAIN in files.UNIT.reload


def test_no_password_stands_in_a_database_line(laid):
    text = laid[files.MAIN].content
    assert "password" not in re.sub(r"^;.*$", "", text, flags=re.MULTILINE)
