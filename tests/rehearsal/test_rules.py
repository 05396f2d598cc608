"""The alert rules against promtool on a droplet: each fires when it should, and else is silent."""

import subprocess

import pytest

from roles.prometheus.files import RULES
from tests.roles.prometheus.promtool import unit_tests

pytestmark = pytest.mark.rehearsal


def promtool(alpha, text):
    """Exit code and words of promtool about these unit tests, over SSH's standard input."""
    config = str(alpha.stage.dir / "ssh_config")
    order = ["ssh", "-F", config, "alpha-1", "promtool test rules /dev/stdin"]
    answer = subprocess.run(
        order, input=text, capture_output=True, text=True, timeout=300, check=False
    )
    return answer.returncode, answer.stdout + answer.stderr


def test_every_alert_fires_when_it_should_and_only_then(deployed_alpha):
    code, said = promtool(deployed_alpha, unit_tests())
    assert code == 0, said


def test_promtool_would_have_found_a_rule_that_does_not_fire(deployed_alpha):
    (host,) = [path for path in RULES if path.endswith("/host.yml")]
    code, said = promtool(deployed_alpha, unit_tests(rules=(host,)))
    assert code == 1
    assert "PostgresDown" in said
    assert "HostDown" not in said
