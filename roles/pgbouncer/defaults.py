"""Keys, packages and secrets of PgBouncer."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    # Wishes in upstream's spelling, for example {"query_wait_timeout": 30}.
    "pgbouncer_settings": {},
}

PACKAGES: tuple[str, ...] = ("pgbouncer",)

SECRETS: dict[str, str] = {
    "pgbouncer_admin_password": "PgBouncer's console: pause and resume during an upgrade",
    "pgbouncer_monitor_password": "the exporter, which may only read statistics",
}
