"""Settings in layers: recommended < the operator's wish < required, each with origin and reason."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from realmfleet.fleet.mistakes import Mistake, nearest

Value = str | int | float | bool
Origin = Literal["recommended", "wish", "required"]


@dataclass(frozen=True)
class Setting:
    """One setting in upstream's spelling. `value` is as upstream writes it, unit included."""

    name: str
    value: Value
    reason: str
    origin: Origin = "recommended"

    @property
    def text(self) -> str:
        """The value as configuration files write it: booleans as on and off."""
        if isinstance(self.value, bool):
            return "on" if self.value else "off"
        return str(self.value)


class WishError(ValueError):
    """Wishes that cannot be granted: each mistake names the entry, the fault and the mend.

    The one exception that a role's settings raise; the guard shows its mistakes beside those
    of the inventory, before any host is contacted.
    """

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class ForbiddenError(WishError):
    """A wish against what is required: the setting's name and why it is required otherwise."""

    def __init__(self, name: str, reason: str, source: str = "the inventory") -> None:
        what = f"{name!r} cannot be chosen: {reason}"
        super().__init__([Mistake(source, what, "Take it out.")])
        self.name = name
        self.reason = reason


class Settings(Mapping[str, Setting]):
    """Laid settings by name, in the order in which they were laid."""

    def __init__(self, settings: Iterable[Setting]) -> None:
        self._by_name = {setting.name: setting for setting in settings}

    def __getitem__(self, name: str) -> Setting:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{s.name}={s.text}' for s in self.values())})"


def lay(
    recommended: Iterable[Setting],
    wishes: Mapping[str, Value],
    required: Iterable[Setting] = (),
    source: str = "the inventory",
) -> Settings:
    """One value for each name. Raises ForbiddenError where a wish contradicts what is required."""
    laid = {setting.name: setting for setting in recommended}
    must = {s.name: Setting(s.name, s.value, s.reason, "required") for s in required}
    for name, value in wishes.items():
        if name in must and Setting(name, value, "").text != must[name].text:
            raise ForbiddenError(name, must[name].reason, source)
        laid[name] = Setting(name, value, f"asked for in {source}", "wish")
    return Settings((laid | must).values())


def check_names(wishes: Mapping[str, object], known: Iterable[str], source: str) -> None:
    """Raises WishError for every wish that upstream does not know, with the nearest known name."""
    names = set(known)
    unknown = [name for name in wishes if name not in names]
    if unknown:
        raise WishError(
            Mistake(source, f"unknown setting {name!r}", _near(name, names)) for name in unknown
        )


def check_allowed(wishes: Mapping[str, object], forbidden: Mapping[str, str], source: str) -> None:
    """Raises ForbiddenError for a wish that no value could grant; `forbidden` says why."""
    for name in wishes:
        if name in forbidden:
            raise ForbiddenError(name, forbidden[name], source)


@cache
def names_in(file: Path) -> frozenset[str]:
    """The names that a program knows, one a line, as it printed them itself."""
    return frozenset(file.read_text().split())


def _near(name: str, known: Iterable[str]) -> str:
    """Like `nearest`, without listing hundreds of names where none is close."""
    mend = nearest(name, known)
    return mend if mend.startswith("Did") else "Look its name up in upstream's documentation."
