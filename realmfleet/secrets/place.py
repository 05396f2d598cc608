"""Where a fleet's secrets lie: the store, the identity that opens it, who else can."""

import os
from dataclasses import dataclass
from pathlib import Path

from realmfleet.fleet import Fleet
from realmfleet.secrets.errors import SecretsError

# The checkout: the store is a file of the repository.
ROOT = Path(__file__).resolve().parents[2]
IDENTITY = "REALMFLEET_IDENTITY"
DEFAULT_IDENTITY = "~/.config/realmfleet/identity.txt"


@dataclass(frozen=True)
class Place:
    """`recipients` None: sealed for the identity alone. `mend` is the command that makes it."""

    store: Path
    identity: Path
    recipients: Path | None = None
    mend: str = "realmfleet secrets init FLEET"


def rehearsal_place(folder: Path, fleet: str) -> Place:
    """A rehearsal's own secrets, which go when it goes."""
    mend = f"realmfleet rehearse up {fleet}"
    return Place(folder / "secrets.age", folder / "identity.txt", None, mend)


def place_of(fleet: Fleet, root: Path = ROOT) -> Place:
    """The rehearsal's own where the fleet is rehearsed, else the repository's."""
    if fleet.rehearsal_dir is not None:
        return rehearsal_place(Path(fleet.rehearsal_dir), fleet.name)
    folder = root / "inventories" / "secrets"
    mend = f"realmfleet secrets init {fleet.name}"
    return Place(folder / f"{fleet.name}.age", identity_path(root), folder / "recipients.txt", mend)


def identity_path(root: Path = ROOT) -> Path:
    """The operator's identity. SecretsError if it lies beside what it opens."""
    path = Path(os.environ.get(IDENTITY) or DEFAULT_IDENTITY).expanduser().absolute()
    if path.resolve().is_relative_to(root.resolve()):
        mend = f"Move it out, for example to {DEFAULT_IDENTITY}."
        raise SecretsError(path, "it lies in the repository, beside what it opens", mend)
    return path
