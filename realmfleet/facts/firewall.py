"""Which rules were confirmed, which are loaded, and whether they still are the same."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from pyinfra.api import FactBase

TABLE = "inet realmfleet"
# Holds "<hash of the confirmed file> <hash of the table as nft showed it then>".
STAMP = "/var/lib/realmfleet/firewall.confirmed"
# Said instead of the first hash where the file was changed since.
EDITED = "edited"
LIVE_HASH = f"nft -s list table {TABLE} 2>/dev/null | sha256sum | cut -c1-64"


@dataclass(frozen=True)
class FirewallState:
    """Hashes; `loaded` is of the table in the kernel, so a rule changed by hand shows.

    `confirmed` is EDITED where the file that the next boot loads is no longer the confirmed one.
    """

    confirmed: str
    expected: str
    loaded: str
    enabled: bool


class Firewall(FactBase[FirewallState]):
    """The state of our table, in one exec."""

    def command(self, unit: str, rules: str) -> str:
        return (
            f"set -- $(cat {STAMP} 2>/dev/null || echo none none); "
            f'[ $1 = none ] || echo "$1  {rules}" | sha256sum -c --status 2>/dev/null || '
            f"set -- {EDITED} $2; echo $1 $2 $({LIVE_HASH}) "
            f"$(systemctl is-enabled {shlex.quote(unit)} 2>/dev/null || true)"
        )

    @staticmethod
    def default() -> FirewallState:
        return FirewallState("", "", "", enabled=False)

    def process(self, output: Iterable[str]) -> FirewallState:
        confirmed, expected, loaded, *enabled = " ".join(output).split()
        return FirewallState(confirmed, expected, loaded, enabled[:1] == ["enabled"])
