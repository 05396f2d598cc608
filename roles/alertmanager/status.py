"""Alertmanager right now: what fires, without what is silenced."""

import json
from collections.abc import Iterator, Mapping

from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.game import listen_ip
from realmfleet.status import Question, http
from roles.alertmanager.files import PORT

ACTIVE = "api/v2/alerts?active=true&silenced=false&inhibited=false"
# The Watchdog fires always, and means that all is well.
NO_ALARM = "none"


def questions(fleet: Fleet, droplet: Droplet, _secrets: Mapping[str, str]) -> Iterator[Question]:
    """Its active alerts."""
    address = listen_ip(fleet, droplet, "alertmanager")
    yield Question("alerts", http(f"http://{address}:{PORT}/{ACTIVE}"), read)


def read(answer: str) -> list[dict[str, str]]:
    """One row an alert; the oldest first."""
    rows = [
        {
            "name": alert["labels"]["alertname"],
            "severity": alert["labels"]["severity"],
            "droplet": alert["labels"].get("droplet", ""),
            "since": alert["startsAt"][:16].replace("T", " "),
            "summary": alert["annotations"].get("summary", ""),
        }
        for alert in json.loads(answer)
    ]
    firing = (row for row in rows if row["severity"] != NO_ALARM)
    return sorted(firing, key=lambda row: (row["since"], row["name"]))
