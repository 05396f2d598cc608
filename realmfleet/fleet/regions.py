"""The regions a fleet may stand in and the round trips between them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    """One region: its group name in every inventory and DigitalOcean's slug for it."""

    name: str
    slug: str


REGIONS = {
    "singapore": Region("singapore", "sgp1"),
    "frankfurt": Region("frankfurt", "fra1"),
    "sfo": Region("sfo", "sfo3"),
}

# Milliseconds there and back, from the studio's planning documents.
ROUND_TRIPS_MS = {
    frozenset({"singapore", "frankfurt"}): 160,
    frozenset({"singapore", "sfo"}): 170,
    frozenset({"frankfurt", "sfo"}): 145,
}
