"""Alertmanager: what it answers, judged."""

import json

import pytest
import yaml

from roles.alertmanager.verify import judge_config, judge_heartbeat, judge_watchdog

WANTED = {"route": {"receiver": "webhook", "routes": [{"matchers": ["severity = none"]}]}}
FOUND = {"route": {"receiver": "webhook", "routes": [{"matchers": ['severity="none"']}], "more": 1}}


def said(config):
    return json.dumps({"config": {"original": yaml.safe_dump(config)}})


def test_routes():
    wanted = yaml.safe_dump(WANTED)
    assert judge_config(wanted, said(FOUND)).faults == ()
    other = {"route": FOUND["route"] | {"routes": []}}
    assert judge_config(wanted, said(other)).faults
    assert judge_config(wanted, said({"route": {"receiver": "nobody"}})).faults


def test_watchdog():
    assert judge_watchdog('[{"labels": {}}]').faults == ()
    assert judge_watchdog("[]").faults


@pytest.mark.parametrize(
    ("result", "then", "state", "fault"),
    [
        ("success", 90, "{}", ""),
        ("success", 90, "", ""),
        ("success", 30, "", "the heartbeat has not beaten for 70 s"),
        ("success", 0, "", "the heartbeat has not beaten"),
        ("exit-code", 90, "{}", "the heartbeat could not tell what it saw"),
        (
            "success",
            90,
            '{"PrometheusSilent": {"told": true}}',
            "the heartbeat says PrometheusSilent",
        ),
    ],
)
def test_heartbeat(result, then, state, fault):
    answer = f"Result={result}\nInactiveEnterTimestampMonotonic={then * 1000000}\n"
    found = judge_heartbeat(f"{answer}now=100\nstate={state}\n").faults
    assert "".join(found).startswith(fault)
    assert bool(found) is bool(fault)
