"""Keys, packages and secrets of the edge."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    # Wishes in upstream's spelling, for example {"maxconn": 1000, "timeout server": "60s"}.
    "haproxy_settings": {},
    # DNS names by which players call the API; the certificate must speak for all of them.
    "haproxy_domains": [],
    # Requests that one address may send in 10 s; see settings.py for the sum behind it.
    "haproxy_rate_limit": 600,
    # Where the API says that it can serve.
    "haproxy_ready_path": "/ready",
    # True: everybody gets the maintenance page, also after a reload.
    "haproxy_maintenance": False,
}

PACKAGES: tuple[str, ...] = ("haproxy",)

SECRETS: dict[str, str] = {}

GIVEN: dict[str, str] = {
    "haproxy_certificate": (
        "the edge's certificate, its chain and its private key in PEM: "
        "cat fullchain.pem privkey.pem"
    ),
}
