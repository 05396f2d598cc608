"""Which operators have an account that is ours, and with which keys."""

from collections.abc import Iterable

from pyinfra.api import FactBase

GROUP = "realmfleet-operators"
KEYS = "/etc/realmfleet/authorized_keys"


class Operators(FactBase[dict[str, list[str]]]):
    """name -> public keys of every member of our group; a locked one has no key."""

    default = dict

    def command(self) -> str:
        return (
            f"getent group {GROUP} | cut -d: -f4 | tr , '\\n' | grep . | sed 's/^/member /'; "
            f"grep -H . {KEYS}/* 2>/dev/null; true"
        )

    def process(self, output: Iterable[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for line in output:
            if line.startswith("member "):
                found.setdefault(line.removeprefix("member "), [])
            else:
                path, _, key = line.partition(":")
                found.setdefault(path.removeprefix(f"{KEYS}/"), []).append(key)
        return found
