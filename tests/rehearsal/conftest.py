"""Droplets for stories: one Alpha a test run, apart from any rehearsal of a person's own."""

import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

import pytest
from docker.models.containers import Container

from realmfleet import run
from realmfleet.inventory import ROOT
from realmfleet.rehearsal import droplets, journals, play
from realmfleet.rehearsal.droplets import Outcome
from realmfleet.rehearsal.stage import Stage
from realmfleet.rehearsal.steps import quietly

ALL = "deploys/all.py"
# Two test runs at once in one checkout need two of these.
STAGE = os.environ.get("REALMFLEET_STAGE", "test")
# A first deploy takes 90 s here; on a busy machine several times that.
DEPLOY_S = 900


@dataclass(frozen=True)
class Rehearsed:
    """A fleet whose droplets run, and what a story does with them.

    `droplet` may be left out everywhere in a fleet of one.
    """

    rehearsal: play.Rehearsal

    @property
    def addresses(self) -> Mapping[str, IPv4Address]:
        """Each droplet's public address."""
        return self.rehearsal.addresses

    @property
    def stage(self) -> Stage:
        """Its names and folders."""
        return self.rehearsal.stage

    def command(self, *options: str, file: str = ALL) -> list[str]:
        """The command line of plain pyinfra, to run in the checkout."""
        order = run.command(self.stage.fleet, file, options, self.rehearsal.arguments)
        return [run.pyinfra(), *order[1:]]

    def deploy(self, *options: str, file: str = ALL) -> Outcome:
        """One plain pyinfra run with -y, unless it is --dry."""
        yes = () if "--dry" in options else ("-y",)
        answer = subprocess.run(
            self.command(*yes, *options, file=file),
            cwd=ROOT,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=DEPLOY_S,
            check=False,
        )
        play.keep_packages(self.rehearsal)
        return Outcome(answer.returncode, answer.stdout, answer.stderr)

    def droplet(self, name: str | None = None) -> Container:
        """A droplet's container, as it is now."""
        wanted = play.only(self.rehearsal.fleet, name).name
        return droplets.containers(self.rehearsal.client, self.stage)[wanted]

    def run(self, command: str | Sequence[str], droplet: str | None = None) -> Outcome:
        """A shell command as root inside a droplet, without SSH."""
        words = ["sh", "-c", command] if isinstance(command, str) else command
        return droplets.execute(self.droplet(droplet), words)

    def ok(self, command: str | Sequence[str], droplet: str | None = None) -> str:
        """The same, for a command that must succeed: what it printed."""
        outcome = self.run(command, droplet)
        assert outcome.code == 0, f"{command}: {outcome.stdout}{outcome.stderr}"
        return outcome.stdout.strip()

    def ssh(self, command: str, droplet: str | None = None, *options: str) -> Outcome:
        """A shell command over SSH, as an operator reaches a droplet."""
        name = play.only(self.rehearsal.fleet, droplet).name
        order = ["ssh", "-F", str(self.stage.dir / "ssh_config"), *options, name, command]
        answer = subprocess.run(order, capture_output=True, text=True, timeout=60, check=False)
        return Outcome(answer.returncode, answer.stdout, answer.stderr)

    def kill(self, droplet: str | None = None) -> None:
        """Pull the plug."""
        self.droplet(droplet).kill()

    def start(self, droplet: str | None = None) -> None:
        """Put it back, and wait until SSH answers again."""
        container = self.droplet(droplet)
        droplets.boot(container, droplets.address(container))


def rehearsed(fleet: str, request: pytest.FixtureRequest) -> Iterator[Rehearsed]:
    """A fleet from its first boot to its end; journals are kept when a story failed."""
    stage = Stage(ROOT, fleet, STAGE)
    play.down(stage, quietly)
    failed_before = request.session.testsfailed
    try:
        rehearsal = play.up(stage, quietly)
        yield Rehearsed(rehearsal)
        if request.session.testsfailed > failed_before:
            print(f"journals: {', '.join(journals.save(rehearsal.client, stage))}")
    finally:
        play.down(stage, quietly)


@pytest.fixture(scope="session")
def alpha(request: pytest.FixtureRequest) -> Iterator[Rehearsed]:
    """Alpha's droplet, booted; nothing is deployed on it unless another story did it."""
    yield from rehearsed("alpha", request)


@pytest.fixture(scope="session")
def first_deploy(alpha: Rehearsed) -> Outcome:
    """What the first deploy of Alpha answered; it succeeded."""
    outcome = alpha.deploy()
    if outcome.code:
        journals.save(alpha.rehearsal.client, alpha.stage)
        words = " ".join(shlex.quote(word) for word in alpha.command("-y"))
        pytest.fail(f"{words}\n{outcome.stdout[-4000:]}\n{outcome.stderr[-8000:]}", pytrace=False)
    return outcome


@pytest.fixture(scope="session")
def deployed_alpha(alpha: Rehearsed, first_deploy: Outcome) -> Rehearsed:
    """Alpha with everything on it."""
    assert first_deploy.code == 0
    return alpha
