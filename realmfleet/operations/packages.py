"""A droplet's packages: one apt transaction, nothing started by it, held where asked."""

from collections.abc import Sequence

from pyinfra import host
from pyinfra.api import operation

from realmfleet.facts.packages import Packages
from realmfleet.operations import Commands
from realmfleet.operations.remote import run


@operation()
def packages(names: Sequence[str], hold: Sequence[str] = ()) -> Commands:
    """Install what is missing, finish what was interrupted, hold what must not move.

    + names: Debian packages
    + hold: those of them that only we upgrade
    """
    found = host.get_fact(Packages, packages=list(names))
    missing = sorted(set(names) - found.installed)
    loose = sorted(set(hold) - found.held)
    if found.whole and not missing and not loose:
        host.noop("the packages are installed")
        return
    yield run("install_packages", {"packages": missing, "hold": loose})
