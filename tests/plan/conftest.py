"""Plans of the real inventories and deploys on droplets that only seem to be: no network."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from realmfleet import run
from realmfleet.fleet import Fleet
from realmfleet.inventory import ROOT, read_fleet
from realmfleet.secrets.store import ensure_rehearsal

DEPLOY = "deploys/all.py"
# A fake droplet runs nothing: the barrier's command, which fails, must be told to fail.
STOPS = {"Stopped before": {"success": False, "stderr": "the barrier is shut"}}


@dataclass(frozen=True)
class Played:
    """One run of pyinfra on droplets that only seem to be."""

    code: int
    stdout: str
    stderr: str

    @property
    def told(self):
        return self.stdout + self.stderr

    @property
    def plan(self):
        """(operation, droplets on which it would do something), in order."""
        assert self.code == 0, self.told
        return [
            (step["name"], {name.removeprefix("@fake/") for name in step["hosts_with_change"]})
            for step in json.loads(self.stdout)["plan"]
        ]


@dataclass(frozen=True)
class Faked:
    """A fleet of this repository whose droplets are pyinfra's @fake ones."""

    folder: Path
    name: str
    fleet: Fleet

    @property
    def droplets(self):
        """The droplets' names."""
        return [droplet.name for droplet in self.fleet.droplets]

    def carrying(self, service):
        """The names of those that carry a service."""
        return [droplet.name for droplet in self.fleet.carrying(service)]

    def run(self, *options, responses=None, deploy=DEPLOY):
        """Run a deploy; `responses` says what commands answer on droplets, see pyinfra's @fake."""
        inventory = self._write(responses or {})
        groups = ["--group-data", str(ROOT / "inventories" / "group_data")]
        order = [run.pyinfra(), *options, *groups, str(inventory), deploy]
        delays = {"PYINFRA_FAKE_DELAY": "0", "PYINFRA_FAKE_DELAY_JITTER": "0"}
        answer = subprocess.run(
            order,
            cwd=ROOT,
            env={**os.environ, **delays},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
        return Played(answer.returncode, answer.stdout, answer.stderr)

    def _write(self, responses):
        """The inventory as it stands in the repository, but for the connector."""
        text = (ROOT / "inventories" / f"{self.name}.py").read_text()
        for name in self.droplets:
            text = text.replace(f'"{name}"', f'"@fake/{name}"')
            head = f'"@fake/{name}",\n        {{'
            assert head in text
            canned = STOPS | responses.get(name, {})
            text = text.replace(head, f'{head}"fake_responses": {canned!r},')
        rehearsal = {"dir": str(self.folder), "addresses": {}}
        path = self.folder / f"{self.name}.py"
        path.write_text(text)
        data = self.folder / "group_data"
        data.mkdir(exist_ok=True)
        (data / "all.py").write_text(f"rehearsal = {rehearsal!r}\n")
        return path


def faked(name, folder):
    fleet = read_fleet(name)
    ensure_rehearsal(folder, fleet)
    return Faked(folder, name, fleet)


@pytest.fixture(scope="session", params=["alpha", "beta", "production"])
def fleet(request, tmp_path_factory):
    return faked(request.param, tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="session")
def beta(tmp_path_factory):
    return faked("beta", tmp_path_factory.mktemp("beta"))
