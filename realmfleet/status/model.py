"""A question as frozen values: what is asked on the droplet, and what its answer says."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

# A service that does not answer a neighbour within this is not well.
HTTP_WITHIN_S = 3

_GET = (
    "import sys, urllib.request as web; "
    f"print(web.urlopen(sys.argv[1], timeout={HTTP_WITHIN_S}).read().decode())"
)


@dataclass(frozen=True)
class Question:
    """One thing to know of a droplet.

    `key` is its name in the status. `shell` is asked; `read` turns what it prints into plain
    JSON and may raise ValueError, LookupError or TypeError where that is no usable answer.
    `secrets` are the question's environment.
    """

    key: str
    shell: str
    read: Callable[[str], Any] = field(repr=False)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def http(url: str) -> str:
    """Shell that prints what the URL answers; nothing where it does not."""
    return f"python3 -I -c {shlex.quote(_GET)} {shlex.quote(url)} 2>/dev/null || true"
