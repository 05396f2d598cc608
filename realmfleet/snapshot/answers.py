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


Stage = Sequence[Question]


@dataclass
class Answers:
    """`remembered`: what earlier runs asked of this droplet, stage by stage, in their order."""

    remembered: Sequence[Stage] = ()
    asked: list[list[Question]] = field(default_factory=lambda: [[]])
    _known: dict[Question, list[str]] = field(default_factory=dict)
    _voids: int = 0

    def answer(self, question: Question, fetch: Fetch) -> list[str] | None:
        """The lines of the answer, or None: then it must be asked by itself."""
        if question not in self.asked[-1]:
            self.asked[-1].append(question)
        if question not in self._known:
            self._ask(question, fetch)
        return self._known.get(question)

    def void(self) -> None:
        """Something was changed: forget every answer."""
        if self._known:
            self._voids += 1
            self._known.clear()

    def next_stage(self) -> None:
        """Others may have changed something: forget every answer; other questions come now."""
        self._known.clear()
        self._voids = 0
        if self.asked[-1]:
            self.asked.append([])

    def _ask(self, question: Question, fetch: Fetch) -> None:
        """Ask it together with all that are likely to follow; alone it gains nothing."""
        together = [q for q in self._ahead(question) if q.how == question.how]
        if len(together) < 2:
            return
        found = fetch([q.command for q in together])
        self._known |= {q: found[q.command] for q in together if q.command in found}

    def _ahead(self, question: Question) -> Stage:
        """The question and what followed it in its stage, as far as it is not known."""
        place = len(self.asked) - 1
        stage = self.remembered[place] if place < len(self.remembered) else ()
        if question not in stage:
            return ()
        ahead = [q for q in stage[stage.index(question) :] if q not in self._known]
        return ahead if self._voids < STEADY_VOIDS else ahead[:NEXT]
