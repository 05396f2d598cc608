"""One droplet's answers in one run: what to ask together, and when to forget it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

# After so many changes the rest will hardly stay as it is: ask only for what comes next.
STEADY_VOIDS, NEXT = 2, 4


@dataclass(frozen=True)
class Question:
    """A fact's command, and how it is run (a digest of sudo and its like)."""

    command: str
    how: str


# From commands to what each printed; a command that failed or gave no answer is left out.
Fetch = Callable[[Sequence[str]], Mapping[str, list[str]]]


@dataclass
class Answers:
    """`remembered`: what earlier runs asked of this droplet, in their order."""

    remembered: Sequence[Question] = ()
    asked: list[Question] = field(default_factory=list)
    _known: dict[Question, list[str]] = field(default_factory=dict)
    _place: int = 0
    _voids: int = 0

    def answer(self, question: Question, fetch: Fetch) -> list[str] | None:
        """The lines of the answer, or None: then it must be asked by itself."""
        if question not in self.asked:
            self.asked.append(question)
        if question not in self._known:
            self._ask(question, fetch)
        return self._known.get(question)

    def void(self) -> None:
        """Forget every answer."""
        if self._known:
            self._voids += 1
            self._known.clear()

    def _ask(self, question: Question, fetch: Fetch) -> None:
        """Ask it together with all that are likely to follow; alone it gains nothing."""
        if question not in self.remembered:
            return
        self._place = self.remembered.index(question)
        together = [q for q in self._ahead() if q.how == question.how and q not in self._known]
        if len(together) < 2:
            return
        found = fetch([q.command for q in together])
        self._known |= {q: found[q.command] for q in together if q.command in found}

    def _ahead(self) -> Sequence[Question]:
        ahead = self.remembered[self._place :]
        return ahead if self._voids < STEADY_VOIDS else ahead[:NEXT]
