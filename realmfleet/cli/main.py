"""The `realmfleet` command: its verbs, and one place that turns mistakes into readable lines."""

import sys
from importlib import import_module

import click
from docker.errors import DockerException

from realmfleet.cli.progress import say
from realmfleet.fleet import FleetError
from realmfleet.rehearsal.errors import RehearsalError
from realmfleet.run import INTERRUPTED
from realmfleet.secrets.errors import SecretsError

USER_MISTAKE = 2
FAILED = 1

# Verb -> the module that has it; a verb is imported when it is asked for, so each starts fast.
VERBS = {
    "rehearse": "rehearse",
    "deploy": "deploy",
    "verify": "deploy",
    "status": "status",
    "explain": "explain",
    "budget": "explain",
    "secrets": "secrets",
    "sizes": "sizes",
}


class Verbs(click.Group):
    """Loads each verb's module when it is needed."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order of a first day's work."""
        return list(VERBS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The verb, or None where there is none."""
        if name not in VERBS:
            return None
        command: click.Command = getattr(import_module(f"realmfleet.cli.{VERBS[name]}"), name)
        return command


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="realmfleet")
def realmfleet() -> None:
    """Runs an online game's backend on plain droplets: rehearse, deploy, verify, watch.

    \b
    Rehearse the smallest fleet on this machine, in Docker:
        realmfleet rehearse up alpha
        realmfleet rehearse deploy alpha
    Deploy it to the droplets of inventories/alpha.py:
        realmfleet deploy alpha
    """


def main(arguments: list[str] | None = None) -> None:
    """Run one command. Exit 2 on a mistake in what was asked, 1 on a failure, 130 on Ctrl-C."""
    sys.exit(_code(arguments))


def _code(arguments: list[str] | None) -> int:
    try:
        result = realmfleet.main(arguments, prog_name="realmfleet", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except FleetError as error:
        for mistake in error.mistakes:
            say(str(mistake))
        return USER_MISTAKE
    except (RehearsalError, SecretsError) as error:
        say(str(error))
        return FAILED
    except DockerException as error:
        say(f"Docker: {error}")
        return FAILED
    except (click.Abort, KeyboardInterrupt):
        say("Stopped. Run the same command again to go on.")
        return INTERRUPTED
