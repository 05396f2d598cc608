"""Age keys: the identity that opens a store, and the recipients for whom it is sealed."""

from datetime import UTC, datetime
from pathlib import Path

from pyrage import IdentityError, RecipientError  # type: ignore[import-untyped]
from pyrage.x25519 import Identity, Recipient  # type: ignore[import-untyped]

from realmfleet.secrets.errors import SecretsError
from realmfleet.secrets.files import create, locked, make_dir


def read_identities(path: Path) -> list[Identity]:
    """The private keys in an identity file, which nobody else may be able to read."""
    try:
        mode = path.stat().st_mode & 0o777
        text = path.read_text()
    except FileNotFoundError:
        mend = "Put yours there, set REALMFLEET_IDENTITY, or run: realmfleet secrets init"
        raise SecretsError(path, "there is no identity", mend) from None
    except (OSError, UnicodeDecodeError):
        mend = "Make it an age identity file."
        raise SecretsError(path, "it cannot be read", mend) from None
    if mode & 0o077:
        raise SecretsError(path, f"others can read it ({mode:03o})", f"Run: chmod 600 {path}")
    try:
        found = [Identity.from_str(line) for line in _keys(text)]
    except IdentityError:
        found = []
    if not found:
        mend = "It holds a line AGE-SECRET-KEY-1..., with no passphrase."
        raise SecretsError(path, "this is no age identity file", mend)
    return found


def ensure_identity(path: Path) -> bool:
    """Make an identity where there is none; whether one was made."""
    if path.exists():
        return False
    identity = Identity.generate()
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    lines = [f"# created: {now}", f"# public key: {identity.to_public()}", str(identity), ""]
    return _create(path, "\n".join(lines))


def public_keys(identities: list[Identity]) -> tuple[str, ...]:
    """The recipients that stand for these identities."""
    return tuple(str(identity.to_public()) for identity in identities)


def read_recipients(path: Path) -> tuple[str, ...]:
    """The public keys of all operators; none where the file does not exist."""
    try:
        keys = _keys(path.read_text())
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError):
        raise SecretsError(path, "it cannot be read", "Make it a text file.") from None
    for key in keys:
        as_recipient(key, str(path))
    return tuple(dict.fromkeys(keys))


def as_recipient(key: str, source: str) -> Recipient:
    """The key as age wants it. SecretsError that names where the key stands."""
    try:
        return Recipient.from_str(key)
    except RecipientError:
        what = "a private key stands here" if key.startswith("AGE-SECRET") else f"{key!r} is no key"
        mend = "Write one age public key a line (age1...), comments in lines of their own."
        raise SecretsError(source, what, mend) from None


def ensure_recipients(path: Path, identity: Path) -> bool:
    """Make the list of operators with this one alone where there is none; whether it was made."""
    if path.exists():
        return False
    (own, *_) = public_keys(read_identities(identity))
    today = datetime.now(UTC).date().isoformat()
    lines = [
        "# Who can open the secrets: one age public key a line, its owner's name above it.",
        "# After a change, for each fleet: realmfleet secrets init FLEET",
        "",
        f"# the operator who first ran `realmfleet secrets init`, {today}",
        own,
        "",
    ]
    return _create(path, "\n".join(lines))


def _keys(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _create(path: Path, text: str) -> bool:
    """Write a new file; False where somebody else has just made it."""
    make_dir(path.parent)
    try:
        with locked(path.parent):
            create(path, text.encode())
    except FileExistsError:
        return False
    except OSError as error:
        raise SecretsError(path, str(error.strerror), "Make its folder writable.") from None
    return True
