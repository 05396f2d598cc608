"""Which releases of a service lie on the droplet, and which of them it runs."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from pyinfra.api import FactBase


@dataclass(frozen=True)
class ReleaseState:
    """`current` is what units start, `verified` what has served last; both differ after a kill.

    `whole`: the asked release lies there, every file as it was unpacked. `units` are those
    that match the service's pattern.
    """

    current: str = ""
    verified: str = ""
    whole: bool = False
    units: frozenset[str] = frozenset()


class Release(FactBase[ReleaseState]):
    """The state of one service's releases, in one exec."""

    default = ReleaseState

    def command(self, root: str, release: str, pattern: str) -> str:
        folder = shlex.quote(f"{root}/releases/{release}")
        list_units = "systemctl {} --plain --no-legend " + shlex.quote(pattern)
        # An instance is told among the files of units where it is enabled.
        return (
            f"for l in current verified; do "
            f'[ -L {root}/$l ] && echo "$l $(basename "$(readlink {root}/$l)")"; done; '
            f"(cd {folder} 2>/dev/null && sha256sum --status -c manifest) 2>/dev/null "
            f"&& echo whole; "
            f"{{ {list_units.format('list-units --all')}; "
            f"{list_units.format('list-unit-files --state=enabled')}; }} "
            "| awk '$1 !~ /@[.]/ { print \"unit\", $1 }'; true"
        )

    def process(self, output: Iterable[str]) -> ReleaseState:
        said = [line.partition(" ") for line in output]
        links = {word: rest for word, _, rest in said if word in ("current", "verified")}
        return ReleaseState(
            **links,
            whole=any(word == "whole" for word, _, _ in said),
            units=frozenset(rest for word, _, rest in said if word == "unit"),
        )
