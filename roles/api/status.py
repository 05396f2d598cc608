"""The API right now: which release answers."""

import json
from collections.abc import Iterator, Mapping

from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.game import API_PORT, listen_ip
from realmfleet.status import Question, http


def questions(fleet: Fleet, droplet: Droplet, _secrets: Mapping[str, str]) -> Iterator[Question]:
    """What it says of itself."""
    url = f"http://{listen_ip(fleet, droplet, 'api')}:{API_PORT}/version"
    yield Question("api", http(url), read)


def read(answer: str) -> dict[str, str]:
    """Its version and region."""
    found = json.loads(answer)
    return {"version": str(found["version"]), "region": str(found["region"])}
