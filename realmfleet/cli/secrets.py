"""`realmfleet secrets`: make, list, set and reveal what a fleet's services log in with."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from realmfleet.cli.deploy import stage_of
from realmfleet.cli.progress import say
from realmfleet.fleet import Fleet, FleetError, Mistake, nearest
from realmfleet.inventory import read_fleet
from realmfleet.secrets import Store, given, made, needed, store_for
from realmfleet.secrets.keys import ensure_identity, ensure_recipients, public_keys, read_identities
from realmfleet.secrets.needed import command
from realmfleet.secrets.place import ROOT, place_of, rehearsal_place
from realmfleet.secrets.values import SEVERAL_LINES, check_value, describe

# Below this many characters somebody could guess it offline, who has got hold of a verifier.
SHORT = 16

rehearsed_option = click.option(
    "--rehearsed", is_flag=True, help="Those of the rehearsal, not of the real droplets."
)


@click.group()
def secrets() -> None:
    """The secrets of a fleet, encrypted in inventories/secrets/.

    They are opened by an age identity outside of the repository:
    ~/.config/realmfleet/identity.txt, or where REALMFLEET_IDENTITY points.
    """


@secrets.command()
@click.argument("fleet")
def init(fleet: str) -> None:
    """Make every secret that FLEET needs and has not got.

    Also your identity, where there is none. What exists is kept, so run it again after
    a new service, or after a change of inventories/secrets/recipients.txt. What only you
    can give, such as a certificate, is named, with the command to give it.

    \b
    Example:
        realmfleet secrets init alpha
    """
    found = read_fleet(fleet)
    place = place_of(found)
    if ensure_identity(place.identity):
        (key,) = public_keys(read_identities(place.identity))
        say(f"Made your identity: {place.identity}, with the public key {key}")
        say("Back it up, outside of this repository: without it nobody opens the secrets again.")
    if place.recipients is not None and ensure_recipients(place.recipients, place.identity):
        say(f"Made {_shown(place.recipients)}: add the public key of each further operator.")
    store = Store(place)
    before = store.recipients()
    added = store.fill(made(found))
    say(f"{_shown(place.store)}: {len(store.names())} secrets, {len(added)} of them new.")
    if before and set(before) != set(store.recipients()):
        say(f"Sealed anew for {len(store.recipients())} keys.")
    if set(before) - set(store.recipients()):
        say("Whoever was taken out knows the values: set new ones.")
    _say_what_to_give(found, store)


@secrets.command(name="list")
@click.argument("fleet")
@rehearsed_option
def list_(fleet: str, rehearsed: bool) -> None:
    """Show names and ages, never a value.

    \b
    Example:
        realmfleet secrets list alpha
    """
    found = read_fleet(fleet)
    ages, wanted = _store(found, rehearsed).ages(), needed(found)
    table = Table(box=None, pad_edge=False)
    for heading in ("secret", "age", "service"):
        table.add_column(heading, no_wrap=True)
    table.add_column("what for")
    for name in sorted({*ages, *wanted}):
        age = _age(datetime.now(UTC) - ages[name]) if name in ages else "missing"
        table.add_row(name, age, *wanted.get(name, ("none", "nothing asks for it any more")))
    Console(highlight=False).print(table)


@secrets.command(name="set")
@click.argument("fleet")
@click.argument("name")
@rehearsed_option
def set_(fleet: str, name: str, rehearsed: bool) -> None:
    """Set one value, read from standard input.

    It is never an argument: those end up in the shell's history and in process lists.

    \b
    Example:
        openssl rand -hex 32 | realmfleet secrets set alpha redis_admin_password
        cat fullchain.pem key.pem | realmfleet secrets set alpha haproxy_certificate
    """
    found = read_fleet(fleet)
    store = _store(found, rehearsed)
    _check_name(found, store, name)
    value = _read_value(fleet, name)
    check_value(name, value, found)
    store.set(name, value)
    say(f"{name} is set. It is in force after the next deploy of {fleet}.")
    if told := describe(name, value):
        say(told)
    if len(value) < SHORT:
        say(f"It is short: {SHORT} characters or more are not guessed.")


@secrets.command()
@click.argument("fleet")
@click.argument("name")
@rehearsed_option
def reveal(fleet: str, name: str, rehearsed: bool) -> None:
    """Show one value, on a terminal only.

    \b
    Example:
        realmfleet secrets reveal alpha redis_admin_password
    """
    if not sys.stdout.isatty():
        raise click.UsageError("A value is shown on a terminal only, not into a pipe or a file.")
    found = read_fleet(fleet)
    store = _store(found, rehearsed)
    _check_name(found, store, name)
    click.echo(store.get(name))


def _say_what_to_give(fleet: Fleet, store: Store) -> None:
    there = store.names()
    for name, (_, purpose) in given(fleet).items():
        if name not in there:
            say(f"Still to give: {name}, {purpose}: {command(fleet.name, name)}")


def _read_value(fleet: str, name: str) -> str:
    """From standard input; at a terminal by a prompt that shows nothing."""
    if not sys.stdin.isatty():
        return sys.stdin.read().removesuffix("\n").removesuffix("\r")
    if name in SEVERAL_LINES:
        raise click.UsageError(f"It has several lines, give it from a file: {command(fleet, name)}")
    return str(click.prompt("Value", hide_input=True, confirmation_prompt=True, err=True))


def _store(fleet: Fleet, rehearsed: bool) -> Store:
    if rehearsed:
        return Store(rehearsal_place(stage_of(fleet.name).dir, fleet.name))
    return store_for(fleet)


def _check_name(fleet: Fleet, store: Store, name: str) -> None:
    known = {*needed(fleet), *store.names()}
    if name not in known:
        what = f"there is no secret {name!r}"
        raise FleetError([Mistake(fleet.name, what, nearest(name, known))])


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _age(age: timedelta) -> str:
    minutes = int(age.total_seconds()) // 60
    for unit, length in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        if minutes >= length:
            count = minutes // length
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "just made"
