"""One droplet with Debian's engine and the sample's projects, and a stand-in for the API."""

import importlib.util
import io
import os
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from realmfleet.inventory import ROOT
from realmfleet.rehearsal import droplets, play
from realmfleet.rehearsal.stage import Stage
from realmfleet.rehearsal.steps import quietly

HERE = Path(__file__).parent


def _beside(name):
    """A module of this folder: tests are no package."""
    spec = importlib.util.spec_from_file_location(f"zone_{name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


stand_in = _beside("stand_in")
arena_module = _beside("arena")

INSTALL = (
    "apt-get update -qq && "
    "DEBIAN_FRONTEND=noninteractive apt-get install -yqq --no-install-recommends godot3-server"
)


@pytest.fixture(scope="session")
def machine():
    """A droplet of its own, with the projects in /srv/game."""
    stage = Stage(ROOT, "alpha", os.environ.get("REALMFLEET_STAGE", "test") + "engine")
    play.down(stage, quietly)
    try:
        rehearsal = play.up(stage, quietly)
        container = next(iter(droplets.containers(rehearsal.client, stage).values()))
        installed = droplets.execute(container, ["sh", "-c", INSTALL])
        assert installed.code == 0, installed.stderr
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            tar.add(ROOT / "examples" / "game", "game")
            tar.add(HERE / "unit.gd", "unit.gd")
        container.put_archive("/srv", packed.getvalue())
        yield container
    finally:
        play.down(stage, quietly)


@pytest.fixture
def api(machine, tmp_path) -> Iterator["stand_in.StandIn"]:
    """The stand-in, reachable from the droplet, with a certificate for `api.test`."""
    (network,) = machine.attrs["NetworkSettings"]["Networks"].values()
    made = stand_in.StandIn(network["Gateway"], arena_module.certificate(tmp_path))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def zone(machine, api, tmp_path) -> Iterator["arena_module.Arena"]:
    """A zone server that runs and is ready; bots can be sent to it."""
    made = arena_module.Arena(machine, api, tmp_path)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def other_certificate(tmp_path) -> Path:
    """Of the same name, but not the API's."""
    return arena_module.certificate(tmp_path, "other.pem")
