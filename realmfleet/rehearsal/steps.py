"""How a rehearsal tells what it does; the command line decides how that looks."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

# Called with what is being done; the work happens inside the context.
Step = Callable[[str], AbstractContextManager[None]]


@contextmanager
def quietly(_what: str) -> Iterator[None]:
    """A step that says nothing."""
    yield
