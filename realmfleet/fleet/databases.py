"""The databases of the game: the server creates them, the pool stands in front of them."""

from collections.abc import Mapping
from typing import Any

from realmfleet.fleet.model import Droplet

# The static blueprint and the mutable state are separate databases with separate owners.
DATABASES: dict[str, dict[str, Any]] = {
    "world": {"schemas": ["world"]},
    "campaign": {"schemas": ["campaign"]},
}


def databases(droplet: Droplet) -> Mapping[str, Any]:
    """Database -> its schemas, migrations and retention, as the inventory says for this droplet."""
    found: Mapping[str, Any] = droplet.data.get("postgres_databases", DATABASES)
    return found
