"""Keys, packages and secrets of the game's API."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    # The studio's build; docs/game.md says what it may hold.
    "api_artifact": {},
    # Further variables for the studio's own API, none of them secret.
    "api_environment": {},
    # Seconds for a new release to answer GET /ready.
    "api_ready_timeout_s": 30,
}

PACKAGES: tuple[str, ...] = ()

SECRETS: dict[str, str] = {
    "api_jwt_key": "signs players' tokens",
    "api_ticket_key": "signs zone tickets; the zones know it too",
    "api_zone_key": "with it zones call the API's internal paths",
    "postgres_application_password": "the API's role in PostgreSQL",
    "redis_application_password": "the API's user in Redis",
}
