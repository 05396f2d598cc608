"""pyinfra executes this first: a run that cannot end well is refused before it contacts anybody."""

from pathlib import Path

from pyinfra import config

from realmfleet.guard.check import check

config.REQUIRE_PYINFRA_VERSION = "~=3.10.0"

check(Path(__file__).resolve().parent)
