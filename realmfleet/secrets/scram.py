"""SCRAM verifiers: what PostgreSQL and PgBouncer keep instead of a password."""

import hashlib
import hmac
from base64 import b64encode

from realmfleet.secrets.errors import SecretsError

# PostgreSQL's own figures: https://www.postgresql.org/docs/17/catalog-pg-authid.html
ITERATIONS = 4096
SALT_BYTES = 16


def verifier(password: str, role: str) -> str:
    """The verifier of a role's password, the same every time: it can be compared with pg_authid.

    PgBouncer can log in with a verifier only where PostgreSQL holds the identical one, salt
    included: https://www.pgbouncer.org/config.html#authentication-file-format. The salt
    follows from role and password, through as many rounds as the verifier itself: whoever
    holds a verifier gains nothing by guessing at its salt.
    """
    if not password or not password.isascii() or not password.isprintable():
        # SASLprep leaves printable ASCII as it is; for anything else we would have to do it.
        raise SecretsError(role, "its password is not printable ASCII", "Set another one.")
    seed = b"realmfleet scram salt:" + role.encode()
    salt = hashlib.pbkdf2_hmac("sha256", password.encode(), seed, ITERATIONS, SALT_BYTES)
    return scram(password, salt, ITERATIONS)


def scram(password: str, salt: bytes, iterations: int) -> str:
    """The verifier with a given salt, as RFC 5803 and PostgreSQL write it."""
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${iterations}:{_text(salt)}${_text(stored)}:{_text(server)}"


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
