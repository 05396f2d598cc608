"""Variables that a studio gives its own programs. Pure."""

import re
from collections.abc import Mapping

from realmfleet.fleet.mistakes import Mistake
from realmfleet.settings import WishError

NAME = re.compile(r"[A-Z][A-Z0-9_]*")


def check_variables(source: str, wishes: Mapping[str, object]) -> None:
    """Raises WishError for what cannot be a variable of a process."""
    found = []
    for name, value in wishes.items():
        if not NAME.fullmatch(name):
            mend = "Write it in capitals, for example FEATURE_PETS."
            found.append(Mistake(source, f"{name!r} cannot name a variable", mend))
        elif not isinstance(value, str | int | float) or not str(value).isprintable():
            mend = "Write one line of text, or a number."
            found.append(Mistake(source, f"{name} cannot be {value!r}", mend))
    if found:
        raise WishError(found)
