"""Which secrets a fleet needs: what the roles of the services that it carries ask for."""

from collections.abc import Callable

import roles
from realmfleet.fleet import Fleet

# Name -> the service that asks for it first, and what it is for.
Needs = dict[str, tuple[str, str]]


def needed(fleet: Fleet) -> Needs:
    """Everything: what is made, and what an operator gives."""
    return made(fleet) | given(fleet)


def made(fleet: Fleet) -> Needs:
    """Those for which a random value is as good as any other."""
    return _asked(fleet, roles.secrets)


def given(fleet: Fleet) -> Needs:
    """Those that an operator gives, because no random value can stand for them."""
    found = _asked(fleet, roles.given)
    return {name: why for name, why in found.items() if not _declined(fleet, why[0], name)}


def _declined(fleet: Fleet, service: str, name: str) -> bool:
    """Whether every droplet with the service says that it has none, explicitly."""
    carriers = fleet.carrying(service)
    return all(name in roles.declined(service, droplet.data) for droplet in carriers)


def command(fleet: str, name: str) -> str:
    """What an operator types to give one."""
    return f"realmfleet secrets set {fleet} {name} < FILE"


def _asked(fleet: Fleet, of: Callable[[str], dict[str, str]]) -> Needs:
    found: Needs = {}
    for service in fleet.services:
        if service in roles.names():
            for name, purpose in of(service).items():
                found.setdefault(name, (service, purpose))
    return found
