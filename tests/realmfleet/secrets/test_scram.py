"""SCRAM verifiers against the published vector and against PostgreSQL's own form."""

import hashlib
import hmac
import re
from base64 import b64decode

import pytest

from realmfleet.secrets import SecretsError
from realmfleet.secrets.scram import scram, verifier


def test_the_exchange_of_rfc_7677_is_accepted_by_our_verifier():
    """https://www.rfc-editor.org/rfc/rfc7677#section-3: user 'user', password 'pencil'."""
    text = scram("pencil", b64decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096)
    stored, server = (b64decode(part) for part in text.rsplit("$", 1)[1].split(":"))
    said = (
        b"n=user,r=rOprNGfwEbeRWgbNEkqO,"
        b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
        b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    )
    # The client's proof is its key, hidden by a signature that the stored key makes.
    proof = b64decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    signature = hmac.digest(stored, said, "sha256")
    client = bytes(a ^ b for a, b in zip(proof, signature, strict=True))
    assert hashlib.sha256(client).digest() == stored
    signed = b64decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
    assert hmac.digest(server, said, "sha256") == signed


FORM = re.compile(r"SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=")


def test_a_verifier_is_the_same_every_time_and_postgresqls_form():
    first = verifier("a-long-password", "application")
    assert FORM.fullmatch(first)
    assert verifier("a-long-password", "application") == first
    assert verifier("a-long-password", "analytics") != first
    assert verifier("b-long-password", "application") != first
    assert "a-long-password" not in first


def test_two_roles_with_one_password_share_no_salt():
    salts = {verifier("same", role).split(":")[1].split("$")[0] for role in ("one", "two")}
    assert len(salts) == 2


@pytest.mark.parametrize("password", ["", "schlüssel", "\u00a0", "a\nb"])
def test_what_saslprep_would_change_is_refused(password):
    with pytest.raises(SecretsError, match="not printable ASCII") as caught:
        verifier(password, "application")
    assert not password or password not in str(caught.value)
