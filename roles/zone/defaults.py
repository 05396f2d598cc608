"""Keys, packages and secrets of the zone servers."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    # The studio's build; docs/game.md says what it may be.
    "zone_artifact": {},
    # A player that verify lets in: bots as docs/game.md describes them. Empty: nobody plays.
    "zone_probe": {},
    # What an executable is started with. A .pck's engine is headless by itself and gets none.
    "zone_arguments": ["--headless"],
    # Further variables for the studio's own zones, none of them secret.
    "zone_environment": {},
    # Whether the zones keep the status contract; without it a process that lives is ready.
    "zone_status_contract": True,
    # Seconds for a zone to say that it is ready.
    "zone_ready_timeout_s": 30,
}

PACKAGES: tuple[str, ...] = ("godot3-server",)

SECRETS: dict[str, str] = {
    "api_ticket_key": "signs zone tickets; the API knows it too",
    "api_zone_key": "with it zones call the API's internal paths",
}
