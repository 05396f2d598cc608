"""From questions and answers to one droplet's status, as plain JSON."""

from collections.abc import Sequence
from typing import Any

from realmfleet.fleet import Droplet
from realmfleet.status.model import Question


def status(droplet: Droplet, asked: Sequence[Question], answers: Sequence[str]) -> dict[str, Any]:
    """Everything that is known of a droplet now; None for what gave no usable answer."""
    found: dict[str, Any] = {
        "droplet": droplet.name,
        "region": droplet.region,
        "size": droplet.size.slug,
    }
    for question, answer in zip(asked, answers, strict=True):
        found[question.key] = _read(question, answer)
    return found


def _read(question: Question, answer: str) -> Any:
    try:
        return question.read(answer)
    except (ValueError, LookupError, TypeError):
        return None
