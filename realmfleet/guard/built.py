"""The inventory exactly as pyinfra is about to build it. The only room that imports its CLI."""

from pathlib import Path
from typing import Any

from pyinfra.api.host import Host
from pyinfra.api.inventory import Inventory
from pyinfra_cli.inventory import make_inventory  # type: ignore[import-untyped]
from pyinfra_cli.util import parse_cli_arg  # type: ignore[import-untyped]

from realmfleet.guard.call import Call

# Options that pyinfra lays over every host's data.
_OVER = ("ssh_user", "ssh_key", "ssh_key_password", "ssh_port", "ssh_password")


def build(call: Call) -> list[dict[str, Any]]:
    """Name, groups and data of every host, as `debug-inventory --json` prints them."""
    inventory: Inventory = make_inventory(
        call.inventory,
        cwd=str(Path.cwd()),
        override_data=_override(call),
        group_data_directories=call.group_data,
    )
    return [_described(host) for host in inventory]


def _described(host: Host) -> dict[str, Any]:
    data = host.data.dict()  # type: ignore[no-untyped-call]
    return {"name": host.name, "groups": list(host.groups), "data": data}


def _override(call: Call) -> dict[str, Any]:
    pairs = (entry.split("=", 1) for entry in call.options.get("data") or ())
    over = {key: parse_cli_arg(value) for key, value in pairs}
    return over | {key: call.options[key] for key in _OVER if call.options.get(key)}
