"""Keys, packages and secrets of Prometheus."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    # Wishes as upstream's flags, without dashes: {"storage.tsdb.retention.time": "30d"}.
    "prometheus_settings": {},
    # Services of a game that tell no metrics (docs/game.md, "optional"): ["api", "zone"].
    "prometheus_without": [],
}

PACKAGES: tuple[str, ...] = ("prometheus",)

SECRETS: dict[str, str] = {}
