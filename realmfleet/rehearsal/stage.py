"""Where one rehearsal lives: the names of its droplets, network and files."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from realmfleet.rehearsal.errors import RehearsalError

LABEL = "realmfleet"
_NAME = re.compile(r"[a-z0-9]*")


@dataclass(frozen=True)
class Stage:
    """One rehearsal of one fleet in one checkout. `name` sets apart a second one (for tests)."""

    root: Path
    fleet: str
    name: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise RehearsalError(
                f"Stage {self.name!r}: use lower-case letters and digits only, for example 'test'."
            )

    @property
    def checkout(self) -> str:
        """Sets this checkout's droplets apart from those of any other on the machine."""
        return hashlib.sha256(str(self.root).encode()).hexdigest()[:8]

    @property
    def network(self) -> str:
        """The Docker network; it is also how every container's name begins."""
        return "-".join(filter(None, (LABEL, self.checkout, self.name, self.fleet)))

    @property
    def apt_volume(self) -> str:
        """The packages that any droplet of this checkout has downloaded."""
        return f"{LABEL}-{self.checkout}-apt"

    def container(self, droplet: str) -> str:
        """The Docker container of a droplet."""
        return f"{self.network}-{droplet}"

    @property
    def labels(self) -> dict[str, str]:
        """By these, and never by its name alone, Docker's things are known to be ours."""
        labels = {"checkout": self.checkout, "fleet": self.fleet, "stage": self.name}
        return {f"{LABEL}.{key}": value for key, value in labels.items()}

    @property
    def label_filter(self) -> dict[str, list[str]]:
        """The same labels as Docker's lists want them."""
        return {"label": [f"{key}={value}" for key, value in self.labels.items()]}

    @property
    def dir(self) -> Path:
        """Keys, ssh_config, overlay and secrets; nobody else may read it."""
        return self.root / ".rehearsal" / ".".join(filter(None, (self.fleet, self.name)))

    @property
    def logs(self) -> Path:
        """Journals saved when a deploy failed; they outlive the rehearsal."""
        return self.root / ".rehearsal-logs" / self.dir.name
