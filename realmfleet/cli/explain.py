"""`realmfleet explain` and `realmfleet budget`: why a value is what it is, and what fits where."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict

import click
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

import roles
from realmfleet.budget import Budget
from realmfleet.budget import budget as budget_of
from realmfleet.fleet import Droplet, Fleet, FleetError, nearest
from realmfleet.inventory import read_fleet
from realmfleet.settings import Setting, Settings, WishError

NO_FIT = 2

# Between the instance and the setting in Redis' names, as in upstream's own longer ones.
SEPARATOR = "."

# Service -> its key in inventories, where that is not <service>_settings.
WISH_KEYS = {"base": "base_sysctl"}


@click.command()
@click.argument("fleet")
@click.argument("service")
@click.argument("setting", required=False)
@click.option("--json", "as_json", is_flag=True, help="For programs: everything as JSON.")
def explain(fleet: str, service: str, setting: str | None, as_json: bool) -> None:
    """Show a service's settings, where each comes from, and why.

    With SETTING only that one: its value on every droplet that carries the service.

    \b
    Examples:
        realmfleet explain alpha postgres
        realmfleet explain alpha postgres shared_buffers
        realmfleet explain alpha redis maxmemory
    """
    laid = _chosen(_laid(read_fleet(fleet), service), setting)
    if as_json:
        plain = {d.name: [asdict(s) for s in found] for d, found in laid}
        click.echo(json.dumps(plain, indent=2))
        return
    console = Console(highlight=False)
    for droplet, found in laid:
        console.print(_heading(droplet, service))
        if setting is None:
            console.print(_table(found))
        for one in found if setting is not None else ():
            console.print(_paragraph(one, fleet, service))


@click.command()
@click.argument("fleet")
@click.option("--json", "as_json", is_flag=True, help="For programs: everything as JSON.")
@click.pass_context
def budget(context: click.Context, fleet: str, as_json: bool) -> None:
    """Show how each droplet's memory is divided.

    Reserved is the worst case, which must fit; expected is what stays resident once the game
    runs. Exits with 2 where a droplet can run out of memory.

    \b
    Example:
        realmfleet budget alpha
    """
    found = [(droplet, budget_of(droplet)) for droplet in read_fleet(fleet).droplets]
    if as_json:
        click.echo(json.dumps([asdict(divided) for _, divided in found], indent=2))
    else:
        for droplet, divided in found:
            Console(highlight=False).print(_divided(droplet, divided))
    if not all(divided.fits for _, divided in found):
        context.exit(NO_FIT)


def explained() -> tuple[str, ...]:
    """The services whose settings can be explained."""
    return tuple(name for name in roles.names() if _settings_of(name) is not None)


def _settings_of(service: str) -> Callable[[Fleet, Droplet], Settings] | None:
    """A role's pure function, if it has one: exporters have nothing to tune."""
    try:
        module = roles.room(service, "settings")
    except ModuleNotFoundError:
        return None
    found: Callable[[Fleet, Droplet], Settings] | None = getattr(module, "settings", None)
    return found


def _laid(fleet: Fleet, service: str) -> list[tuple[Droplet, Settings]]:
    """The settings of a service on every droplet that carries it."""
    settings = _settings_of(service) if service in explained() else None
    if settings is None:
        what = f"{service!r} has no settings. {nearest(service, explained())}"
        raise click.BadParameter(what, param_hint="SERVICE")
    droplets = fleet.carrying(service)
    if not droplets:
        what = f"no droplet of {fleet.name} carries {service!r}."
        raise click.BadParameter(what, param_hint="SERVICE")
    try:
        return [(droplet, settings(fleet, droplet)) for droplet in droplets]
    except WishError as error:
        raise FleetError(error.mistakes) from error


def _chosen(
    laid: list[tuple[Droplet, Settings]], name: str | None
) -> list[tuple[Droplet, tuple[Setting, ...]]]:
    """All settings, or the one asked for: `maxmemory` finds those of both Redis instances."""
    chosen = [(droplet, _matching(settings, name)) for droplet, settings in laid]
    if name is not None and not any(found for _, found in chosen):
        known = {known for _, settings in laid for known in settings}
        what = f"{name!r} is not set by us. {nearest(name, known)}"
        raise click.BadParameter(what, param_hint="SETTING")
    return chosen


def _matching(settings: Mapping[str, Setting], name: str | None) -> tuple[Setting, ...]:
    if name is None:
        return tuple(settings.values())
    if name in settings:
        return (settings[name],)
    return tuple(s for s in settings.values() if s.name.endswith(SEPARATOR + name))


def _heading(droplet: Droplet, service: str) -> RenderableType:
    shares = {row.service for row in budget_of(droplet).rows}
    size = f"{droplet.size.slug}, {droplet.size.memory_mb} MB"
    share = f", {service}'s share {budget_of(droplet).share(service)} MB"
    return Text.assemble(
        "\n", (droplet.name, "bold"), f"  {size}{share if service in shares else ''}"
    )


def _table(found: tuple[Setting, ...]) -> RenderableType:
    """Two lines a setting: reasons need the width that long names would leave them too little."""
    table = Table.grid()
    for s in found:
        table.add_row(Text.assemble(f"{s.name} = {s.text}", (f"  {s.origin}", "dim")))
        table.add_row(Padding(Text(s.reason, "italic"), (0, 0, 0, 4)))
    return table


def _paragraph(setting: Setting, fleet: str, service: str) -> RenderableType:
    lines = Text(f"{setting.origin}: {setting.reason}.")
    if setting.origin != "required":
        wish = _wish(setting.name, service)
        lines.append(f"\nTo choose another, write in inventories/{fleet}.py: {wish}", "dim")
    return Group(
        Text(f"{setting.name} = {setting.text}"), Padding(lines, (0, 0, 0, 2), expand=False)
    )


def _wish(name: str, service: str) -> str:
    if service == "redis":
        instance, _, name = name.partition(SEPARATOR)
        return f'redis_settings = {{"{instance}": {{"{name}": ...}}}}'
    return f'{WISH_KEYS.get(service, f"{service}_settings")} = {{"{name}": ...}}'


def _divided(droplet: Droplet, divided: Budget) -> RenderableType:
    table = Table("tenant", box=None, pad_edge=False, show_footer=True)
    table.columns[0].footer = "sum"
    for header, total in (
        ("reserved MB", divided.reserved_mb),
        ("expected MB", divided.expected_mb),
    ):
        table.add_column(header, str(total), justify="right")
    table.add_column("why")
    for row in divided.rows:
        table.add_row(row.tenant, str(row.reserved_mb), str(row.expected_mb), Text(row.reason))
    left, cache = divided.free_mb, divided.memory_mb - divided.expected_mb
    if left < 0:
        verdict = Text(f"{-left} MB too much: this droplet can run out of memory.", "red")
    else:
        verdict = Text(f"{left} MB unreserved; about {cache} MB serve as page cache.")
    heading = Text.assemble("\n", (droplet.name, "bold"), f"  {droplet.size.slug}, ")
    heading.append(f"{divided.memory_mb} MB")
    return Group(heading, table, verdict)
