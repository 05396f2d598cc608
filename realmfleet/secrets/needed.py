"""Which secrets a fleet needs: what the roles of the services that it carries ask for."""

import roles
from realmfleet.fleet import Fleet


def needed(fleet: Fleet) -> dict[str, tuple[str, str]]:
    """Name -> the service that asks for it first, and what it is for."""
    found: dict[str, tuple[str, str]] = {}
    for service in fleet.services:
        if service in roles.names():
            for name, purpose in roles.secrets(service).items():
                found.setdefault(name, (service, purpose))
    return found
