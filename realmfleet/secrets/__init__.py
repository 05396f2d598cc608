"""The only room that reads secrets: an age-encrypted file, opened by an identity kept elsewhere."""

from realmfleet.secrets.errors import SecretsError
from realmfleet.secrets.needed import given, made, needed
from realmfleet.secrets.store import Store, ensure_rehearsal, missing, store_for

__all__ = [
    "SecretsError",
    "Store",
    "ensure_rehearsal",
    "given",
    "made",
    "missing",
    "needed",
    "store_for",
]
