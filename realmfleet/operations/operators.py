"""Operators' accounts: SSH by their keys, root by sudo, nothing left of those who have gone."""

from collections.abc import Mapping, Sequence

from pyinfra import host
from pyinfra.api import operation

from realmfleet.facts.operators import GROUP, KEYS, Operators
from realmfleet.operations import Commands
from realmfleet.operations.remote import run


@operation()
def operators(wanted: Mapping[str, Sequence[str]]) -> Commands:
    """Give exactly these people access.

    + wanted: account name -> SSH public keys
    """
    found = host.get_fact(Operators)
    leaving = sorted(set(found) - set(wanted))
    stale = {name: list(keys) for name, keys in wanted.items() if found.get(name) != list(keys)}
    if not (stale or leaving):
        host.noop("the operators are as asked")
        return
    payload = {"group": GROUP, "keys_directory": KEYS, "operators": stale, "leaving": leaving}
    yield run("set_operators", payload)
