"""Operations of our own: with realmfleet/facts the only place that extends pyinfra."""

from collections.abc import Generator

from pyinfra.api import StringCommand

# What every operation yields: the commands that are missing, none where all is as asked.
Commands = Generator[StringCommand, None, None]
