"""A check as frozen values: what is asked on the droplet, and what its answer means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Verdict:
    """What an answer means.

    `said` is the calm line where nothing is wrong. Each fault is one sentence: what was found,
    what was expected, where to look. `skipped` says what could not be looked at here, and why.
    """

    said: str
    faults: tuple[str, ...] = ()
    skipped: str = ""


Judge = Callable[[str], Verdict]


@dataclass(frozen=True)
class Check:
    """One thing that must hold on a droplet.

    `question` is shell; `judge` reads what it prints, standard error included, and may raise
    ValueError or LookupError where that is no usable answer. `secrets` are the question's
    environment: they stand in no command line, and answers come back without them.
    """

    service: str
    about: str
    question: str
    judge: Judge = field(repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
