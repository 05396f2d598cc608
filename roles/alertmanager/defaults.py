"""Keys, packages and secrets of Alertmanager."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    # False: nobody is told of any alert; they are seen on the pages only.
    "alertmanager_webhook": True,
    # True: a service outside of the fleet is pinged, and alarms when the pings end.
    "alertmanager_heartbeat": False,
    # Wishes by severity, in upstream's spelling: {"critical": {"repeat_interval": "30m"}}.
    "alertmanager_settings": {},
}

# The heartbeat needs Python, without which nothing of ours could be deployed.
PACKAGES: tuple[str, ...] = ("prometheus-alertmanager",)

SECRETS: dict[str, str] = {}

GIVEN: dict[str, str] = {
    "alertmanager_webhook_url": "where alerts are posted, in Alertmanager's webhook format",
    "alertmanager_heartbeat_url": "what is pinged while all is well: a dead man's switch",
}

# Which key of the inventory says that there is none.
GIVEN_IF: dict[str, str] = {
    "alertmanager_webhook_url": "alertmanager_webhook",
    "alertmanager_heartbeat_url": "alertmanager_heartbeat",
}
