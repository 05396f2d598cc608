"""Firewall: keys, packages, secrets."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    # Networks that may reach SSH; empty: everywhere (by key only).
    "firewall_ssh_from": [],
    # Further openings to the internet, for what the fleet does not know: "tcp/25565".
    "firewall_public": [],
    # Further egress of a data droplet, by Unix user: {"root": ["tcp/443"]}.
    "firewall_egress": {},
}

PACKAGES: tuple[str, ...] = ("nftables",)

SECRETS: dict[str, str] = {}
