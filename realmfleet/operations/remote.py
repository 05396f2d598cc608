"""Run one of our programs on the droplet, its payload on standard input."""

from typing import Any

from pyinfra.api import StringCommand

from realmfleet.remote import script


def run(program: str, payload: Any, *carried: str) -> StringCommand:
    """The command that runs `realmfleet/remote/<program>.py`; it fails as the program fails.

    `carried`: the modules of that folder which it imports.
    """
    return StringCommand("python3 -I -", _stdin=script(program, payload, *carried))
