"""Which Debian packages are installed, held, or half-installed."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from pyinfra.api import FactBase


@dataclass(frozen=True)
class PackageState:
    """What dpkg says: `whole` is False after an interrupted installation."""

    installed: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    whole: bool = True


class Packages(FactBase[PackageState]):
    """The state of these packages, in one exec."""

    default = PackageState

    def command(self, packages: list[str]) -> str:
        named = " ".join(shlex.quote(package) for package in sorted(packages))
        # dpkg's journal is non-empty from an unpack until everything is configured.
        return (
            f"dpkg-query -W -f '${{Package}} ${{Status}}\\n' {named} 2>/dev/null; "
            "dpkg --audit | grep -q . && echo 'dpkg is interrupted'; "
            "ls /var/lib/dpkg/updates | grep -q . && echo 'dpkg is interrupted'; true"
        )

    def process(self, output: Iterable[str]) -> PackageState:
        installed, held, whole = set(), set(), True
        for line in output:
            package, want, *status = line.split()
            if line == "dpkg is interrupted":
                whole = False
            elif status == ["ok", "installed"]:
                installed.add(package)
                if want == "hold":
                    held.add(package)
        return PackageState(frozenset(installed), frozenset(held), whole)
