"""`realmfleet status` on a real droplet: what it shows is what runs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from realmfleet.inventory import ROOT

pytestmark = pytest.mark.rehearsal

COMMAND = Path(sys.executable).parent / "realmfleet"
UNIT = "redis-server@session.service"


def status(played):
    order = [str(COMMAND), "rehearse", "status", "alpha", "--json"]
    answer = subprocess.run(
        order,
        cwd=ROOT,
        env={**os.environ, "REALMFLEET_STAGE": played.stage.name},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return answer.returncode, json.loads(answer.stdout)[0]


def test_it_shows_what_runs_and_names_what_does_not(deployed_alpha):
    _, found = status(deployed_alpha)
    assert found["services"]["redis"] == {"units": 2, "down": []}
    assert found["postgres"]["role"] == "primary"
    version = deployed_alpha.ok("runuser -u postgres -- psql -Atc 'show server_version'")
    assert version.startswith(found["versions"]["postgres"])
    try:
        deployed_alpha.ok(f"systemctl stop {UNIT}")
        code, found = status(deployed_alpha)
    finally:
        deployed_alpha.ok(f"systemctl start {UNIT}")
    assert code == 1
    assert found["services"]["redis"]["down"] == [UNIT]
    assert found["redis_session"] is None
