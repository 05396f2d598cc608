"""`realmfleet sizes`: the droplet sizes that inventories may use."""

import json
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table

from realmfleet.fleet.sizes import SIZES


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs: everything as JSON.")
def sizes(as_json: bool) -> None:
    """List droplet sizes and their price.

    With vCPUs, memory and disk, as inventories may name them.

    \b
    Example:
        realmfleet sizes
    """
    if as_json:
        click.echo(json.dumps({slug: asdict(size) for slug, size in SIZES.items()}, indent=2))
        return
    table = Table("size", box=None)
    for column in ("vCPUs", "memory MB", "disk GB", "USD a month"):
        table.add_column(column, justify="right")
    for s in SIZES.values():
        table.add_row(s.slug, *map(str, (s.vcpus, s.memory_mb, s.disk_gb, s.price_usd)))
    Console().print(table)
