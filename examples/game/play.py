"""Let bots play the sample game on a rehearsal that is up, and say how it went."""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

import click
from builder import RECIPE
from rich.console import Console
from rich.table import Table

from realmfleet.cli.progress import say, step
from realmfleet.inventory import ROOT
from realmfleet.rehearsal import image
from realmfleet.rehearsal.errors import RehearsalError
from realmfleet.rehearsal.play import Rehearsal, find
from realmfleet.rehearsal.players import Played, play
from realmfleet.rehearsal.stage import Stage

PACK = ROOT / "examples" / "game" / "dist" / "bots.pck"


@click.command(help=__doc__)
@click.argument("fleet", default="alpha")
@click.option("--bots", default=30, show_default=True, type=click.IntRange(1, 100))
@click.option("--seconds", default=60, show_default=True, type=click.IntRange(1))
@click.option("--save-every", default=5, show_default=True, help="Seconds between a bot's saves.")
@click.option("--prefix", default="bot", show_default=True, help="How the bots' names begin.")
@click.option("--json", "as_json", is_flag=True, help="For programs: the account as JSON.")
def main(fleet: str, bots: int, seconds: int, save_every: int, prefix: str, as_json: bool) -> None:
    """Play; exit 1 where a bot met trouble."""
    try:
        stage = Stage(ROOT, fleet, os.environ.get("REALMFLEET_STAGE", ""))
        rehearsal = find(stage)
        with step(f"{bots} bots play for {seconds} s"):
            played = bots_play(rehearsal, bots, seconds, save_every, prefix)
    except RehearsalError as error:
        say(str(error))
        sys.exit(1)
    if played.code:
        say(played.said.strip()[-2000:])
    if as_json:
        click.echo(json.dumps(dict(played.summary)))
    else:
        Console(highlight=False).print(_table(played.summary))
    sys.exit(1 if played.code else 0)


def bots_play(
    rehearsal: Rehearsal, bots: int, seconds: int, save_every: int = 5, prefix: str = "bot"
) -> Played:
    """The sample's bots on this rehearsal."""
    if not PACK.is_file():
        raise RehearsalError("There is no bots.pck. Run: make game")
    name = image.ensure(rehearsal.client, step, RECIPE)
    counts = {"BOTS": bots, "SECONDS": seconds, "SAVE_EVERY_S": save_every}
    settings = {key: str(value) for key, value in counts.items()} | {"PREFIX": prefix}
    return play(rehearsal, name, PACK, settings, seconds)


def _table(summary: Mapping[str, Any]) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False)
    for key, value in summary.items():
        if not isinstance(value, list):
            table.add_row(key.replace("_", " "), str(value))
    return table


if __name__ == "__main__":
    main()
