"""Keys, packages and secrets of Redis."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    # Wishes in upstream's spelling, by instance: {"session": {"maxclients": 2000}}.
    "redis_settings": {},
}

PACKAGES: tuple[str, ...] = ("redis-server", "redis-tools")

SECRETS: dict[str, str] = {
    "redis_application_password": "the API's user, in both instances",
    "redis_monitor_password": "the exporters' user, which may only read statistics",
    "redis_admin_password": "operators' user: saves, shutdown, everything",
    "redis_replicator_password": "replication of leaderboards between droplets",
}
