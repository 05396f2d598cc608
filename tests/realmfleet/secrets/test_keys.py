"""Identities and recipients: made once, private, and readable lines when they are not."""

import pytest

from realmfleet.secrets import SecretsError
from realmfleet.secrets.keys import (
    ensure_identity,
    ensure_recipients,
    public_keys,
    read_identities,
    read_recipients,
)


def test_an_identity_is_made_once(tmp_path):
    path = tmp_path / "deep" / "id.txt"
    assert ensure_identity(path)
    text = path.read_text()
    assert not ensure_identity(path)
    assert path.read_text() == text
    (key,) = public_keys(read_identities(path))
    assert f"# public key: {key}" in text


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601])
def test_an_identity_that_others_can_read_is_refused(tmp_path, mode):
    path = tmp_path / "id.txt"
    ensure_identity(path)
    path.chmod(mode)
    with pytest.raises(SecretsError, match=f"others can read it .{mode:03o}.. Run: chmod 600"):
        read_identities(path)


@pytest.mark.parametrize("text", ["", "# a comment\n", "hello\n", "AGE-SECRET-KEY-1XYZ\n", "\0"])
def test_what_is_no_identity(tmp_path, text):
    path = tmp_path / "id.txt"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(SecretsError, match="no age identity file") as caught:
        read_identities(path)
    assert "XYZ" not in str(caught.value)


def test_no_identity(tmp_path):
    with pytest.raises(SecretsError, match=r"there is no identity\. Put yours there"):
        read_identities(tmp_path / "id.txt")


def test_binary_identity(tmp_path):
    path = tmp_path / "id.txt"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SecretsError, match="cannot be read"):
        read_identities(path)


def test_a_key_that_is_none_is_named(tmp_path):
    path = tmp_path / "recipients.txt"
    path.write_text("# mine\nage1nonsense\n")
    with pytest.raises(SecretsError, match="'age1nonsense' is no key"):
        read_recipients(path)


def test_a_private_key_among_recipients_is_not_repeated(tmp_path):
    identity, path = tmp_path / "id.txt", tmp_path / "recipients.txt"
    ensure_identity(identity)
    path.write_text(identity.read_text())
    with pytest.raises(SecretsError, match="a private key stands here") as caught:
        read_recipients(path)
    assert "AGE-SECRET" not in str(caught.value)


def test_recipients_begin_with_the_first_operator(tmp_path):
    identity, path = tmp_path / "id.txt", tmp_path / "secrets" / "recipients.txt"
    ensure_identity(identity)
    assert ensure_recipients(path, identity)
    assert not ensure_recipients(path, identity)
    assert read_recipients(path) == public_keys(read_identities(identity))
    assert read_recipients(tmp_path / "none.txt") == ()
