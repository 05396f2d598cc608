"""What a rehearsal lays over an inventory: where SSH answers, with which key, which address."""

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from realmfleet.rehearsal.stage import Stage

KEY = "id_ed25519"
Addresses = Mapping[str, IPv4Address]


def overlay(stage: Stage, addresses: Addresses) -> dict[str, Any]:
    """Group data of every droplet. Absolute paths: pyinfra may be started from anywhere."""
    return {
        "ssh_user": "root",
        "ssh_port": 22,
        # Given as a file of ours, so that an agent or a key of the operator's is never tried.
        "ssh_key": str(stage.dir / KEY),
        "ssh_allow_agent": False,
        "ssh_look_for_keys": False,
        "ssh_config_file": str(stage.dir / "ssh_config"),
        "ssh_known_hosts_file": str(stage.dir / "known_hosts"),
        "ssh_strict_host_key_checking": "yes",
        "rehearsal": {
            "dir": str(stage.dir),
            "addresses": {name: str(address) for name, address in addresses.items()},
        },
    }


def overlay_text(stage: Stage, addresses: Addresses) -> str:
    """The overlay as a group data file of pyinfra."""
    lines = [f"{key} = {value!r}" for key, value in overlay(stage, addresses).items()]
    return "\n".join(['"""Written by `realmfleet rehearse up`; do not edit."""', "", *lines, ""])


def ssh_config_text(
    directory: Path, addresses: Addresses, hostnames: Mapping[str, str | None]
) -> str:
    """One entry a droplet, found by its name and by its inventory's ssh_hostname.

    Paths are quoted: a checkout may lie in a folder with spaces.
    """
    entries = [
        f"Host {' '.join(_patterns(name, hostnames.get(name)))}\n"
        f"  HostName {address}\n"
        "  Port 22\n"
        "  User root\n"
        f'  IdentityFile "{directory / KEY}"\n'
        "  IdentitiesOnly yes\n"
        f'  UserKnownHostsFile "{directory / "known_hosts"}"\n'
        "  StrictHostKeyChecking yes\n"
        "  LogLevel ERROR\n"
        for name, address in addresses.items()
    ]
    return "\n".join(["# Written by `realmfleet rehearse up`; do not edit.", *entries])


def known_hosts_text(addresses: Addresses, public_keys: Mapping[str, str]) -> str:
    """Each droplet's host key under its address: we made the keys, so nothing is left to trust."""
    return "".join(f"{address} {public_keys[name]}\n" for name, address in addresses.items())


def arguments(stage: Stage, hosts: Iterable[Mapping[str, Any]], laid: Addresses) -> list[str]:
    """What plain pyinfra needs besides inventory and deploy.

    The data of single hosts beats any group data, so a key of the overlay that a host
    sets itself must be said again with --data, which beats everything.
    """
    found = ["--group-data", str((stage.dir / "group_data").relative_to(stage.root))]
    wanted = overlay(stage, laid)
    beaten = {
        key: value
        for host in hosts
        for key, value in wanted.items()
        if key.startswith("ssh_") and host["data"].get(key, value) != value
    }
    for key, value in beaten.items():
        found += ["--data", f"{key}={value}"]
    return found


def _patterns(name: str, hostname: str | None) -> list[str]:
    return [name] if hostname in (None, name) else [name, str(hostname)]
