"""promtool's own test files from our cases; the rules are those that land on a droplet."""

from typing import Any

import yaml

from roles.prometheus.alerts import ALERTS, EVALUATE_EVERY_S
from roles.prometheus.files import RULES
from tests.roles.prometheus.cases import CASES, Case


def _state(name: str, at_s: int, state: str, found: bool) -> dict[str, Any]:
    samples = [{"labels": f'{{alertname="{name}"}}', "value": 1}] if found else []
    return {
        # One line for however many series an alert has.
        "expr": f'count by (alertname) (ALERTS{{alertname="{name}",alertstate=~"{state}"}})',
        "eval_time": f"{at_s}s",
        "exp_samples": samples,
    }


def _group(name: str, what: str, series: dict[str, str], asked: list[dict[str, Any]]) -> Any:
    return {
        "name": f"{name} {what}",
        "interval": f"{EVALUATE_EVERY_S}s",
        "input_series": [{"series": key, "values": text} for key, text in series.items()],
        "promql_expr_test": asked,
    }


def _groups(name: str, case: Case) -> list[Any]:
    """Pending until its time has come, then firing; with well metrics never firing."""
    alert = ALERTS[name]
    due = case.after_s + alert.for_s + EVALUATE_EVERY_S
    sick = [_state(name, due, "firing", True)]
    if alert.for_s:
        sick.insert(0, _state(name, alert.for_s - EVALUATE_EVERY_S, "firing", False))
    well = [_state(name, at, "firing", False) for at in (due - EVALUATE_EVERY_S, due, 2 * due)]
    groups = [_group(name, "fires", dict(case.sick), sick)]
    return groups + ([_group(name, "is silent", dict(case.well), well)] if case.well else [])


def unit_tests(rules: tuple[str, ...] = RULES) -> str:
    """One file with every case, for `promtool test rules`."""
    groups = [group for name, case in CASES.items() for group in _groups(name, case)]
    content = {
        "rule_files": list(rules),
        "evaluation_interval": f"{EVALUATE_EVERY_S}s",
        "tests": groups,
    }
    return yaml.safe_dump(content, sort_keys=False, width=1000)
