"""`realmfleet rehearse`: the same inventory and the same deploy, on droplets in Docker."""

import json
import shutil
import subprocess

import click
from rich.console import Console

from realmfleet.cli.deploy import ALL, VERIFY, flags, play_out, stage_of
from realmfleet.cli.progress import say, step
from realmfleet.cli.show import overview
from realmfleet.cli.status import show as show_status
from realmfleet.rehearsal import journals, play
from realmfleet.rehearsal.errors import RehearsalError


class SplitAtDashes(click.Command):
    """Keeps what stands behind `--` apart: it is a command for a droplet, not an argument."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Our own arguments; the rest goes to ctx.meta."""
        at = args.index("--") if "--" in args else len(args)
        ctx.meta["command"] = args[at + 1 :]
        return super().parse_args(ctx, args[:at])


class InOrder(click.Group):
    """Lists its verbs in the order of their use."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """As they stand in this file."""
        return list(self.commands)


@click.group(cls=InOrder)
def rehearse() -> None:
    """Rehearse a fleet in Docker.

    Droplets on this machine, from the same inventory, by the same deploy.

    \b
    Examples:
        realmfleet rehearse up alpha
        realmfleet rehearse deploy alpha
        realmfleet rehearse ssh alpha
        realmfleet rehearse down alpha
    """


@rehearse.command()
@click.argument("fleet")
def up(fleet: str) -> None:
    """Boot the droplets of FLEET.

    \b
    Installs and starts Docker where no engine answers (Debian and Ubuntu), and
    builds the image of a Debian 13 droplet once. What runs already is left alone.

    \b
    Example:
        realmfleet rehearse up alpha
    """
    rehearsal = play.up(stage_of(fleet), step)
    names = ", ".join(f"{name} ({ip})" for name, ip in rehearsal.addresses.items())
    say(f"Up: {names}")


@rehearse.command()
@click.argument("fleet")
@click.option("--dry", is_flag=True, help="Show what would change; change nothing.")
@click.option("--diff", is_flag=True, help="Show changed lines, never a secret's.")
@click.option("--limit", multiple=True, metavar="NAME", help="Only this droplet or group.")
@click.option("--file", "deploy_file", default=ALL, show_default=True, help="What to run.")
def deploy(fleet: str, dry: bool, diff: bool, limit: tuple[str, ...], deploy_file: str) -> int:
    """Deploy FLEET to its rehearsed droplets.

    With plain pyinfra: the command line is shown. Journals are kept when it fails.

    \b
    Examples:
        realmfleet rehearse deploy alpha
        realmfleet rehearse deploy beta --limit db-1 --dry
    """
    yes = [] if dry else ["-y"]
    return _play(fleet, deploy_file, yes + flags(limit, dry=dry, diff=diff))


@rehearse.command()
@click.argument("fleet")
def verify(fleet: str) -> int:
    """Check the live state of the droplets.

    One line a check; the exit code is not zero when one fails.

    \b
    Example:
        realmfleet rehearse verify alpha
    """
    return _play(fleet, VERIFY, ["-y"])


@rehearse.command()
@click.argument("fleet")
@click.option("--json", "as_json", is_flag=True, help="For programs: everything as JSON.")
def status(fleet: str, as_json: bool) -> int:
    """Show what the droplets do right now.

    \b
    Example:
        realmfleet rehearse status alpha
    """
    return show_status(fleet, play.find(stage_of(fleet)).arguments, as_json=as_json)


@rehearse.command(cls=SplitAtDashes)
@click.argument("fleet")
@click.argument("droplet", required=False)
@click.pass_context
def ssh(ctx: click.Context, fleet: str, droplet: str | None) -> int:
    """Open a shell or run a command on a droplet.

    \b
    Examples:
        realmfleet rehearse ssh alpha
        realmfleet rehearse ssh beta db-1 -- systemctl --failed
    """
    rehearsal = play.find(stage_of(fleet))
    name = play.only(rehearsal.fleet, droplet).name
    if not shutil.which("ssh"):
        raise RehearsalError("This machine has no ssh. Run: sudo apt-get install openssh-client")
    config = str(rehearsal.stage.dir / "ssh_config")
    return subprocess.run(["ssh", "-F", config, name, *ctx.meta["command"]], check=False).returncode


@rehearse.command()
@click.argument("fleet")
@click.argument("droplet", required=False)
@click.option("--unit", metavar="UNIT", help="Only this systemd unit.")
@click.option("--lines", default=200, show_default=True, help="How many of the last lines.")
def logs(fleet: str, droplet: str | None, unit: str | None, lines: int) -> None:
    """Print a droplet's journal.

    \b
    Example:
        realmfleet rehearse logs alpha --unit postgresql@17-main --lines 50
    """
    rehearsal = play.find(stage_of(fleet))
    name = play.only(rehearsal.fleet, droplet).name
    for piece in journals.read(rehearsal.client, rehearsal.stage, name, unit, lines):
        click.echo(piece, nl=False)


@rehearse.command()
@click.argument("fleet")
@click.option("--json", "as_json", is_flag=True, help="For programs: addresses as JSON.")
def show(fleet: str, as_json: bool) -> None:
    """Say what runs where and how to reach it.

    \b
    Example:
        realmfleet rehearse show alpha
    """
    rehearsal = play.find(stage_of(fleet))
    if as_json:
        click.echo(json.dumps({name: str(ip) for name, ip in rehearsal.addresses.items()}))
        return
    Console(highlight=False).print(overview(rehearsal.fleet, rehearsal.addresses))


@rehearse.command()
@click.argument("fleet")
@click.option("--all", "everything", is_flag=True, help="Also downloaded packages and the image.")
def down(fleet: str, everything: bool) -> None:
    """Remove the rehearsal of FLEET.

    Droplets, network, keys and its own secrets go; downloaded packages and the image stay.

    \b
    Example:
        realmfleet rehearse down alpha
    """
    stage = stage_of(fleet)
    play.check_known(stage)
    play.down(stage, step, everything=everything)


def _play(fleet: str, deploy_file: str, options: list[str]) -> int:
    """Run it; keep the droplets' journals when it fails."""
    rehearsal = play.find(stage_of(fleet))
    try:
        code = play_out(fleet, deploy_file, options, rehearsal.arguments)
    finally:
        play.keep_packages(rehearsal)
    if code:
        paths = ", ".join(journals.save(rehearsal.client, rehearsal.stage))
        say(f"The droplets' journals are kept: {paths or 'none, no droplet runs'}")
    return code
