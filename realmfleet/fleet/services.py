"""The services a droplet can carry. The name is the group, the role folder and the key prefix."""

from dataclasses import dataclass
from typing import Literal

Tier = Literal["host", "edge", "game", "data", "watch"]


@dataclass(frozen=True)
class Service:
    """One service: `tier` decides what its droplet may send to the internet (see flows.py)."""

    name: str
    tier: Tier
    what: str


_TABLE = (
    Service("base", "host", "users, SSH, time, updates, kernel"),
    Service("firewall", "host", "nftables from the declared flows"),
    Service("haproxy", "edge", "TLS edge in front of the API"),
    Service("api", "game", "the studio's Go API"),
    Service("zone", "game", "Godot zone servers"),
    Service("postgres", "data", "PostgreSQL 17 with TimescaleDB"),
    Service("pgbouncer", "data", "connection pool on the database's droplet"),
    Service("redis", "data", "session cache and leaderboards"),
    Service("exporters", "watch", "Prometheus exporters for what the droplet carries"),
    Service("prometheus", "watch", "metrics store and alert rules"),
    Service("alertmanager", "watch", "alert delivery"),
)

SERVICES = {service.name: service for service in _TABLE}

# Every droplet carries these without being asked.
EVERYWHERE = ("base", "firewall", "exporters")
