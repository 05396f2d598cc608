"""How the guard refuses: one line a mistake on standard error. Read back by whoever starts it."""

import sys
from collections.abc import Iterable
from typing import NoReturn

from realmfleet.fleet import FleetError, Mistake

HEAD = "--> Refused before any droplet was contacted:"
INDENT = "    "


def refuse(mistakes: Iterable[Mistake]) -> NoReturn:
    """Say all of them and end pyinfra with exit code 1.

    pyinfra shows a traceback for every exception of config.py but this one.
    """
    lines = [f"{INDENT}{mistake}" for mistake in FleetError(mistakes).mistakes]
    print("\n".join([HEAD, *lines]), file=sys.stderr, flush=True)
    raise SystemExit(1)


def told(stderr: str) -> tuple[Mistake, ...]:
    """The mistakes in what a refused pyinfra wrote; none where the guard did not refuse."""
    lines = stderr.splitlines()
    if HEAD not in lines:
        return ()
    after = lines[lines.index(HEAD) + 1 :]
    return tuple(_parsed(line.removeprefix(INDENT)) for line in after if line.startswith(INDENT))


def _parsed(line: str) -> Mistake:
    """The line's three parts; joined again they are the same line."""
    entry, _, rest = line.partition(": ")
    what, _, mend = rest.partition(". ")
    return Mistake(entry, what, mend)
