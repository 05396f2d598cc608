"""Keys, packages and secrets of the Prometheus exporters."""

from typing import Any

DEFAULTS: dict[str, Any] = {}

PACKAGES: tuple[str, ...] = ("prometheus-node-exporter",)

# Further packages where the droplet carries the service.
PACKAGES_BESIDE: dict[str, tuple[str, ...]] = {
    "postgres": ("prometheus-postgres-exporter",),
    "pgbouncer": ("prometheus-pgbouncer-exporter",),
    "redis": ("prometheus-redis-exporter",),
}

# The passwords of the monitoring users belong to the services that check them.
SECRETS: dict[str, str] = {}
