"""One readable line for each mistake: the entry, what is wrong, how to mend it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

# Longer lists of names hide the line's message.
MANY_NAMES, MANY_HOSTS = 20, 3


@dataclass(frozen=True, order=True)
class Mistake:
    """`entry` names the line to look at, `what` the fault, `mend` the next step."""

    entry: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.entry}: {self.what}. {self.mend}"


class FleetError(Exception):
    """Everything that is wrong with an inventory, all at once."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(_gathered(mistakes)))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def nearest(word: str, known: Iterable[str]) -> str:
    """The mend for a misspelt word: the nearest known one, its kin, or the list of them."""
    names = sorted(known)
    if close := get_close_matches(word, names, n=1, cutoff=0.6):
        return f"Did you mean {close[0]!r}?"
    prefix, underscore, _ = word.partition("_")
    kin = [name for name in names if underscore and name.startswith(f"{prefix}_")]
    return f"Known: {shortened(kin or names, MANY_NAMES)}."


def shortened(names: list[str], most: int) -> str:
    """The names with commas; of a long list the first ones, and how many more there are."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"


def _gathered(mistakes: Iterable[Mistake]) -> Iterator[Mistake]:
    """One mistake in group data reaches every droplet of the group: say it once."""
    hosts: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for mistake in sorted(set(mistakes)):
        host, _, rest = mistake.entry.partition(": ")
        hosts[rest, mistake.what, mistake.mend].append(host)
    for (rest, what, mend), names in hosts.items():
        entry = shortened(names, MANY_HOSTS)
        yield Mistake(f"{entry}: {rest}" if rest else entry, what, mend)
