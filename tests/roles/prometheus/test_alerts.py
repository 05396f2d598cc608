"""Alerts as data and as rules: the same names, each with its text, each with its cases."""

import re

import pytest
import yaml

from realmfleet.inventory import read_fleet
from roles.prometheus import files
from roles.prometheus.alerts import ALERTS
from tests.roles.prometheus.cases import CASES


def loaded():
    """Every alerting rule by its name, as Prometheus reads it, and its subject."""
    found = {}
    for file in files.rules():
        for group in yaml.safe_load(file.content)["groups"]:
            for rule in group["rules"]:
                if "alert" in rule:
                    found[rule["alert"]] = rule | {"subject": group["name"]}
    return found


RULES = loaded()


def test_what_is_declared_is_what_is_loaded():
    assert sorted(RULES) == sorted(ALERTS)


@pytest.mark.parametrize("name", ALERTS)
def test_a_rule_says_what_its_declaration_says(name):
    rule, alert = RULES[name], ALERTS[name]
    assert rule["for"] == f"{alert.for_s}s"
    assert rule["labels"] == {"severity": alert.severity}
    assert rule["subject"] == alert.subject


@pytest.mark.parametrize("name", ALERTS)
def test_everybody_is_told_what_where_and_what_to_do(name):
    told = RULES[name]["annotations"]
    assert sorted(told) == ["description", "runbook", "summary"]
    assert all(text == text.strip() and len(text) > 10 for text in told.values())
    if name != "Watchdog":
        assert "$labels.droplet" in told["description"] or "$labels.droplet" in told["summary"]
    # Every brace is closed on the line on which Prometheus looks for it.
    for text in told.values():
        assert len(re.findall(r"\{\{ \$\S+(?: \| \w+)? \}\}", text)) == text.count("{{")


def test_the_times_of_the_specification():
    wanted = {
        "PostgresDown": ("critical", 60),
        "RedisDown": ("critical", 60),
        "PostgresConnections": ("warning", 300),
        "DiskAlmostFull": ("critical", 300),
    }
    assert {name: (ALERTS[name].severity, ALERTS[name].for_s) for name in wanted} == wanted


def test_every_alert_has_a_case_that_fires_and_one_that_is_silent():
    assert sorted(CASES) == sorted(ALERTS)
    lacking = [name for name, case in CASES.items() if not (case.sick and case.well)]
    # It fires always, without any metric: that is its use.
    assert lacking == ["Watchdog"]


def test_a_label_that_an_annotation_shows_is_one_that_its_expression_keeps():
    for name, rule in RULES.items():
        kept = re.findall(r"by \(([^)]*)\)", rule["expr"])
        shown = set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
        for labels in kept:
            given = {label.strip() for label in labels.split(",")}
            assert shown <= given, name


def test_records_are_named_by_level_metric_and_operation():
    (records,) = [f for f in files.rules() if f.path.endswith("/records.yml")]
    (group,) = yaml.safe_load(records.content)["groups"]
    names = [rule["record"] for rule in group["rules"]]
    assert all(re.fullmatch(r"[a-z]+:[a-z_]+:[a-z0-9]+", name) for name in names)
    assert len(names) == len(set(names))


def test_the_rules_are_the_same_in_every_fleet():
    for name in ("alpha", "beta", "production"):
        fleet = read_fleet(name)
        (droplet,) = fleet.carrying("prometheus")
        paths = {file.path for file in files.files(fleet, droplet, ())}
        assert set(files.RULES) <= paths
