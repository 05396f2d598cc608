"""What stands where, and how to reach it: the last thing `make alpha` prints."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

import roles
from realmfleet.fleet import Droplet, Fleet

# Service -> what to type on its droplet to be in it.
DOORS = {
    "postgres": ("PostgreSQL", "sudo -u postgres psql campaign"),
    "firewall": ("firewall", "nft list ruleset"),
}


def overview(fleet: Fleet, addresses: Mapping[str, IPv4Address]) -> RenderableType:
    """Droplets and their addresses, then the commands that lead to them."""
    count = len(fleet.droplets)
    total = f"{count} droplet{'s' if count > 1 else ''}, USD {fleet.price_usd} a month when real"
    doors = Table.grid(padding=(0, 2))
    for what, command in _doors(fleet):
        doors.add_row(Text(what, style="dim"), Text(command))
    return Group("", _droplets(fleet, addresses), "", Text(total), "", doors)


def _droplets(fleet: Fleet, addresses: Mapping[str, IPv4Address]) -> Table:
    table = Table("droplet", "size", "address", "services", box=None, pad_edge=False)
    table.add_column("USD a month", justify="right")
    # A service whose role does not exist (yet) is in the inventory, but runs nowhere.
    running = roles.names()
    for droplet in fleet.droplets:
        services = ", ".join(name for name in droplet.services if name in running)
        price = str(droplet.size.price_usd)
        address = str(addresses[droplet.name])
        table.add_row(droplet.name, droplet.size.slug, address, services, price)
    return table


def _doors(fleet: Fleet) -> Iterator[tuple[str, str]]:
    alone = len(fleet.droplets) == 1
    yield "shell", _ssh(fleet, fleet.droplets[0], alone)
    for service, (what, command) in DOORS.items():
        for droplet in fleet.carrying(service)[:1]:
            yield what, f"{_ssh(fleet, droplet, alone)} -- {command}"
    yield "deploy again", f"realmfleet rehearse deploy {fleet.name}"
    yield "check it", f"realmfleet rehearse verify {fleet.name}"
    yield "take it down", f"realmfleet rehearse down {fleet.name}"


def _ssh(fleet: Fleet, droplet: Droplet, alone: bool) -> str:
    name = "" if alone else f" {droplet.name}"
    return f"realmfleet rehearse ssh {fleet.name}{name}"
