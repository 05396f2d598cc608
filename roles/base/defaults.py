"""Keys, packages and secrets of every droplet's base."""

from typing import Any

DEFAULTS: dict[str, Any] = {
    # Who may log in and use sudo: name -> public SSH keys.
    "base_operators": {},
    # Wishes for the kernel, for example {"vm.swappiness": 5}.
    "base_sysctl": {},
}

PACKAGES: tuple[str, ...] = (
    "ca-certificates",
    "chrony",
    "iproute2",
    "openssh-server",
    "procps",
    "sudo",
    "unattended-upgrades",
)

SECRETS: dict[str, str] = {}
