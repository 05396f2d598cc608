"""`realmfleet status`: what a fleet does right now, on one screen."""

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from realmfleet import run
from realmfleet.cli.deploy import overlay
from realmfleet.cli.progress import say, step
from realmfleet.cli.screen import screen, well
from realmfleet.fleet import Droplet, Fleet
from realmfleet.inventory import ROOT, read_fleet

FILE = "deploys/status.py"
# As realmfleet/operations/status.py reads it; that room belongs to pyinfra's own process.
ANSWERS = "REALMFLEET_STATUS"
NOT_WELL = 1


@click.command()
@click.argument("fleet")
@click.option("--json", "as_json", is_flag=True, help="For programs: everything as JSON.")
@click.option("--rehearsed", is_flag=True, help="Of a rehearsal that is up.")
def status(fleet: str, as_json: bool, rehearsed: bool) -> int:
    """Show what FLEET does right now.

    Droplets, services and their versions, players, databases, alerts. The exit code is not zero
    where a droplet does not answer, a service is down, or an alert fires.

    \b
    Examples:
        realmfleet status alpha
        realmfleet status alpha --json
    """
    return show(fleet, overlay(fleet, rehearsed), as_json=as_json)


def show(fleet: str, laid_over: Sequence[str], *, as_json: bool) -> int:
    """Ask every droplet and print what they answered; the exit code."""
    model = read_fleet(fleet, laid_over)
    with step(f"Ask {len(model.droplets)} droplet{'s' if len(model.droplets) > 1 else ''}"):
        found, said = _ask(model, laid_over)
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        Console(highlight=False).print(screen(model, found))
    for line in said:
        say(line)
    return 0 if well(found) else NOT_WELL


def _ask(fleet: Fleet, laid_over: Sequence[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """Each droplet's status, and what pyinfra complained of."""
    order = run.command(fleet.name, FILE, ["-y"], laid_over)
    with tempfile.TemporaryDirectory(prefix="realmfleet-") as folder:
        answer = subprocess.run(
            [run.pyinfra(), *order[1:]],
            cwd=ROOT,
            env={**os.environ, ANSWERS: folder},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        found = [_read(droplet, Path(folder)) for droplet in fleet.droplets]
    return found, _complaints(answer.stderr + answer.stdout) if answer.returncode else []


def _read(droplet: Droplet, folder: Path) -> dict[str, Any]:
    path = folder / f"{droplet.name}.json"
    if path.exists():
        answered: dict[str, Any] = json.loads(path.read_text())
        return {"reachable": True, **answered}
    known = {"droplet": droplet.name, "region": droplet.region, "size": droplet.size.slug}
    return {"reachable": False, **known}


def _complaints(text: str) -> list[str]:
    """Its lines about what went wrong, without the steps in between."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("-->")][-6:]
