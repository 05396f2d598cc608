"""How steps look: one calm line each with its seconds, and a spinner where there is a terminal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

# Steps go to standard error: what a command answers stays alone on standard output.
console = Console(stderr=True, highlight=False)

# A step this short is not worth its seconds.
WORTH_TELLING_S = 1.0


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, then that it is done."""
    start = time.monotonic()
    if console.is_terminal:
        with console.status(what):
            yield
    else:
        yield
    seconds = time.monotonic() - start
    tail = f" [dim]{seconds:.0f} s[/dim]" if seconds >= WORTH_TELLING_S else ""
    console.print(f"[green]✓[/green] {what}{tail}")


def say(text: str) -> None:
    """One plain line beside the steps, as it is."""
    console.print(text, markup=False, soft_wrap=True)
