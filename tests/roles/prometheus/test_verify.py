"""Prometheus: what it answers, judged."""

import json

import pytest

from roles.prometheus.targets import Target
from roles.prometheus.verify import judge_flags, judge_rules, judge_targets

NODE = Target("node", "127.0.0.1:9100", "one", "singapore", "base", "one")


def target(health="up", address="127.0.0.1:9100", error=""):
    return {
        "scrapePool": "node",
        "discoveredLabels": {"__address__": address},
        "health": health,
        "lastError": error,
    }


def targets_said(*found):
    return json.dumps({"data": {"activeTargets": found}})


def test_targets():
    assert judge_targets([NODE], targets_said(target())).faults == ()
    (fault,) = judge_targets([NODE], targets_said(target("down", error="refused"))).faults
    assert fault.startswith("node of one on one is down (refused)")
    (fault,) = judge_targets([NODE], targets_said()).faults
    assert fault == "node at 127.0.0.1:9100 is not asked: deploy again"
    (fault,) = judge_targets([], targets_said(target())).faults
    assert fault == "node at 127.0.0.1:9100 is declared nowhere"


def rules_said(*rules):
    return json.dumps({"data": {"groups": [{"rules": rules}]}})


def rule(name, kind="alerting", health="ok", **more):
    return {"name": name, "type": kind, "health": health, **more}


def test_rules():
    well = rules_said(rule("A"), rule("fleet:players:sum", "recording"))
    assert judge_rules({"A"}, well).said == "1 alerts and 1 records"
    assert judge_rules({"A", "B"}, well).faults == ("B is not loaded: deploy again",)
    assert judge_rules(set(), well).faults == ("A is declared nowhere",)
    ill = rules_said(rule("A", health="err", lastError="many-to-many"))
    assert judge_rules({"A"}, ill).faults == ("A cannot be evaluated: many-to-many",)


@pytest.mark.parametrize(
    ("asked", "found", "same"),
    [
        ("15d", "15d", True),
        ("15d", "2w1d", True),
        ("8000MB", "7GiB832MiB", True),
        ("8000MB", "8GiB", False),
        ("15d", "14d", False),
        ("4", "20", False),
        ("warn", "info", False),
    ],
)
def test_flags(asked, found, same):
    answer = json.dumps({"data": {"it": found}})
    assert (judge_flags({"it": asked}, answer).faults == ()) is same
