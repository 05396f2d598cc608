"""The encrypted file itself: what is in it, opened and sealed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyrage  # type: ignore[import-untyped]
from pyrage.x25519 import Identity  # type: ignore[import-untyped]

from realmfleet.secrets.errors import SecretsError
from realmfleet.secrets.files import replace
from realmfleet.secrets.keys import as_recipient


@dataclass(frozen=True)
class Secret:
    """One value and when it was made (UTC)."""

    value: str = field(repr=False)
    created: datetime


@dataclass(frozen=True)
class Sealed:
    """The file's content: secrets by name, and the public keys for which it is sealed."""

    secrets: Mapping[str, Secret] = field(default_factory=dict)
    recipients: tuple[str, ...] = ()


def open_sealed(path: Path, identities: list[Identity]) -> Sealed:
    """What the file holds; nothing where there is no file. Errors never quote its content."""
    try:
        cipher = path.read_bytes()
    except FileNotFoundError:
        return Sealed()
    except OSError as error:
        raise SecretsError(path, str(error.strerror), "Make it readable.") from None
    try:
        return _parse(pyrage.decrypt(cipher, identities))
    except pyrage.DecryptError as error:
        raise SecretsError(path, *_reason(str(error))) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        # A decoder's own error would carry the clear text along.
        what = "it opens, but this is no store of realmfleet's"
        raise SecretsError(path, what, "Take it back from git.") from None


def seal(path: Path, content: Sealed) -> None:
    """Write the file for all of its recipients; the caller holds the folder's lock."""
    clear = {
        "recipients": list(content.recipients),
        "secrets": {
            name: {"value": secret.value, "created": secret.created.isoformat()}
            for name, secret in sorted(content.secrets.items())
        },
    }
    recipients = [as_recipient(key, str(path)) for key in content.recipients]
    replace(path, pyrage.encrypt(json.dumps(clear).encode(), recipients, armored=True))


def _parse(clear: bytes) -> Sealed:
    payload = json.loads(clear)
    secrets = {
        str(name): Secret(str(entry["value"]), datetime.fromisoformat(entry["created"]))
        for name, entry in payload["secrets"].items()
    }
    return Sealed(secrets, tuple(payload["recipients"]))


def _reason(error: str) -> tuple[str, str]:
    if "No matching keys" in error:
        mend = "Use another (REALMFLEET_IDENTITY), or have an operator add your public key."
        return "it is not sealed for this identity", mend
    return "it is damaged or cut off", "Take it back from git."
