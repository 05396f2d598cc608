"""One readable line for each mistake: the entry, what is wrong, how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


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
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def nearest(word: str, known: Iterable[str]) -> str:
    """The mend for a misspelt word: the nearest known one, or the whole list."""
    names = sorted(known)
    close = get_close_matches(word, names, n=1, cutoff=0.6)
    return f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(names)}."
