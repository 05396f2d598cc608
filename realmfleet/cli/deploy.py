"""`realmfleet deploy` and `verify`: plain pyinfra on the droplets of an inventory."""

import os
import sys
from collections.abc import Sequence

import click

from realmfleet import run
from realmfleet.cli.progress import say
from realmfleet.inventory import ROOT, read_fleet
from realmfleet.rehearsal import play
from realmfleet.rehearsal.stage import Stage

ALL, VERIFY = "deploys/all.py", "deploys/verify.py"


def stage_of(fleet: str) -> Stage:
    """The rehearsal that is meant; REALMFLEET_STAGE sets a second one apart."""
    return Stage(ROOT, fleet, os.environ.get("REALMFLEET_STAGE", ""))


def flags(limit: Sequence[str], *, dry: bool = False, diff: bool = False) -> list[str]:
    """What was asked for, in pyinfra's words."""
    chosen = [flag for flag, wanted in (("--dry", dry), ("--diff", diff)) if wanted]
    return chosen + [word for name in limit for word in ("--limit", name)]


def play_out(fleet: str, deploy_file: str, options: Sequence[str], overlay: Sequence[str]) -> int:
    """Show the command line and run it; its exit code."""
    order = run.command(fleet, deploy_file, options, overlay)
    say(f"$ {run.shown(order, ROOT)}")
    code = run.run(order, ROOT)
    if code == run.INTERRUPTED:
        raise KeyboardInterrupt
    return code


@click.command()
@click.argument("fleet")
@click.option("--limit", multiple=True, metavar="NAME", help="Only this droplet or group.")
@click.option("--dry", is_flag=True, help="Show what would change; change nothing.")
@click.option("--diff", is_flag=True, help="Show changed lines, never a secret's.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before changing anything.")
@click.option("--file", "deploy_file", default=ALL, show_default=True, help="What to run.")
@click.option("--rehearsed", is_flag=True, help="On the droplets of a rehearsal that is up.")
def deploy(
    fleet: str,
    limit: tuple[str, ...],
    dry: bool,
    diff: bool,
    yes: bool,
    deploy_file: str,
    rehearsed: bool,
) -> int:
    """Deploy FLEET to its droplets.

    With plain pyinfra: the command line is shown.

    \b
    Examples:
        realmfleet deploy alpha --dry
        realmfleet deploy beta --limit db-1
        realmfleet deploy beta --file deploys/data.py
    """
    laid_over = overlay(fleet, rehearsed)
    if not (yes or dry or sys.stdin.isatty()):
        raise click.UsageError("Nobody is here to confirm the changes: add -y, or --dry.")
    options = ["-y"] if yes and not dry else []
    return play_out(fleet, deploy_file, options + flags(limit, dry=dry, diff=diff), laid_over)


@click.command()
@click.argument("fleet")
@click.option("--limit", multiple=True, metavar="NAME", help="Only this droplet or group.")
@click.option("--rehearsed", is_flag=True, help="On the droplets of a rehearsal that is up.")
def verify(fleet: str, limit: tuple[str, ...], rehearsed: bool) -> int:
    """Check the live state of FLEET.

    One line a check; the exit code is not zero when one fails.

    \b
    Example:
        realmfleet verify alpha
    """
    return play_out(fleet, VERIFY, ["-y", *flags(limit)], overlay(fleet, rehearsed))


def overlay(fleet: str, rehearsed: bool) -> list[str]:
    """What is laid over the inventory: nothing for real droplets, once it has been checked."""
    if rehearsed:
        return play.find(stage_of(fleet)).arguments
    read_fleet(fleet)
    return []
