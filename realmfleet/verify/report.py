"""From checks and their answers to the lines that a person reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from realmfleet.verify.model import Check, Verdict

State = Literal["ok", "FAILED", "skipped"]

# One cause often shows in many places: after so many lines the rest is only counted.
MOST_FAULTS = 6


@dataclass(frozen=True)
class Line:
    """One line of the report."""

    state: State
    text: str


@dataclass(frozen=True)
class Report:
    """All lines of one droplet, and how many of its checks failed."""

    lines: tuple[Line, ...]
    checks: int
    failed: int

    @property
    def summary(self) -> str:
        """The droplet in one line."""
        if self.failed:
            return f"{self.failed} of {self.checks} checks failed"
        return f"all {self.checks} checks passed"


def report(checks: Sequence[Check], answers: Sequence[str]) -> Report:
    """Judge every answer; one that makes no sense is a fault of its check, never an exception."""
    verdicts = [_verdict(check, answer) for check, answer in zip(checks, answers, strict=True)]
    lines = [
        Line(line.state, f"{check.service}: {line.text}")
        for check, verdict in zip(checks, verdicts, strict=True)
        for line in _lines(verdict)
    ]
    failed = sum(bool(verdict.faults) for verdict in verdicts)
    return Report(tuple(lines), len(checks), failed)


def _verdict(check: Check, answer: str) -> Verdict:
    try:
        return check.judge(answer)
    except (ValueError, LookupError):
        lines = [line.strip() for line in answer.splitlines() if line.strip()]
        told = lines[-1] if lines else "nothing"
        return Verdict("", (f"{check.about}: no usable answer, but: {told[:200]}",))


def _lines(verdict: Verdict) -> Iterator[Line]:
    for fault in verdict.faults[:MOST_FAULTS]:
        yield Line("FAILED", fault)
    if more := verdict.faults[MOST_FAULTS:]:
        yield Line("FAILED", f"... and {len(more)} more of the same kind")
    if verdict.said and not verdict.faults:
        yield Line("ok", verdict.said)
    if verdict.skipped:
        yield Line("skipped", verdict.skipped)
