"""A fleet's secrets by name: read, set, filled up with strong random values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from secrets import token_urlsafe

from pyrage.x25519 import Identity  # type: ignore[import-untyped]

from realmfleet.fleet import Fleet, nearest
from realmfleet.secrets import rehearsed
from realmfleet.secrets.errors import SecretsError
from realmfleet.secrets.files import locked, make_dir
from realmfleet.secrets.keys import (
    ensure_identity,
    public_keys,
    read_identities,
    read_recipients,
)
from realmfleet.secrets.needed import given, made, needed
from realmfleet.secrets.place import ROOT, Place, place_of, rehearsal_place
from realmfleet.secrets.sealed import Sealed, Secret, open_sealed, seal
from realmfleet.secrets.values import check_value

# 256 bits: nothing that guesses gets there.
STRENGTH_BYTES = 32


class Store:
    """One store. Reads what lay there when it was first asked; every write reads anew."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._content: Sealed | None = None

    @classmethod
    def open(cls, path: Path, identity: Path, recipients: Path | None = None) -> "Store":
        """The store in a file; `recipients` None: sealed for the identity alone."""
        return cls(Place(path, identity, recipients))

    def __repr__(self) -> str:
        return f"Store({str(self.place.store)!r})"

    def names(self) -> tuple[str, ...]:
        """Every name, sorted. None where there is no store yet."""
        return tuple(sorted(self._read().secrets))

    def get(self, name: str) -> str:
        """The value. SecretsError with the mend where there is none."""
        secrets = self._read().secrets
        if name not in secrets:
            close = nearest(name, secrets)
            mend = close if close.startswith("Did") else f"Make it: {self.place.mend}"
            raise SecretsError(self.place.store, f"there is no secret {name!r}", mend)
        return secrets[name].value

    def ages(self) -> Mapping[str, datetime]:
        """Name -> when its value was made."""
        return {name: secret.created for name, secret in sorted(self._read().secrets.items())}

    def recipients(self) -> tuple[str, ...]:
        """The public keys for which the file is sealed."""
        return self._read().recipients

    def set(self, name: str, value: str) -> None:
        """Keep this value under this name, whatever others write at the same time."""
        check_value(name, value)
        self._write(lambda now: {**now, name: _made(value)})

    def fill(self, names: Iterable[str]) -> tuple[str, ...]:
        """Give a strong random value to each name that has none; the names that got one.

        Also seals anew where the recipients have changed. What exists keeps its value.
        """
        wanted = tuple(names)
        added: list[str] = []

        def lay(now: Mapping[str, Secret]) -> Mapping[str, Secret]:
            added[:] = [name for name in wanted if name not in now]
            return {**now, **{name: _made(token_urlsafe(STRENGTH_BYTES)) for name in added}}

        self._write(lay)
        return tuple(added)

    @cached_property
    def _identities(self) -> list[Identity]:
        return read_identities(self.place.identity)

    def _read(self) -> Sealed:
        if self._content is None:
            there = self.place.store.exists()
            self._content = open_sealed(self.place.store, self._identities) if there else Sealed()
        return self._content

    def _write(self, change: Callable[[Mapping[str, Secret]], Mapping[str, Secret]]) -> None:
        path, recipients = self.place.store, self._recipients()
        make_dir(path.parent)
        with locked(path.parent):
            # Read under the lock: what another writer has just added is kept.
            now = open_sealed(path, self._identities)
            then = replace(now, secrets=dict(change(now.secrets)), recipients=recipients)
            if then != now or not path.exists():
                seal(path, then)
        self._content = then

    def _recipients(self) -> tuple[str, ...]:
        own = public_keys(self._identities)
        if self.place.recipients is None:
            return own
        found = read_recipients(self.place.recipients)
        if not set(own) & set(found):
            mend = f"Have an operator add this line and seal anew: {own[0]}"
            raise SecretsError(self.place.recipients, "your own public key is not in it", mend)
        return found


def store_for(fleet: Fleet, root: Path = ROOT) -> Store:
    """The fleet's store: the rehearsal's own where it is rehearsed."""
    return Store(place_of(fleet, root))


def missing(fleet: Fleet, root: Path = ROOT) -> tuple[str, ...]:
    """The secrets that the fleet needs and its store lacks."""
    wanted = needed(fleet)
    if not wanted:
        return ()
    there = store_for(fleet, root).names()
    return tuple(name for name in wanted if name not in there)


def ensure_rehearsal(folder: Path, fleet: Fleet) -> None:
    """A rehearsal's own identity and store, with every value that the fleet needs."""
    place = rehearsal_place(folder, fleet.name)
    ensure_identity(place.identity)
    store = Store(place)
    store.fill(made(fleet))
    there = store.names()
    for name in given(fleet):
        if name not in there or rehearsed.stale(name, store.get(name), fleet, folder):
            store.set(name, rehearsed.value(name, fleet, folder))


def _made(value: str) -> Secret:
    return Secret(value, datetime.now(UTC).replace(microsecond=0))
