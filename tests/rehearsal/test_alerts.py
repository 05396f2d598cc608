"""Stop each service for real: its alert reaches the webhook in time, and clears after it is back.

Services that do not hide each other are stopped together. Times are computed from the very
data that Prometheus and Alertmanager are configured by.
"""

import json
import time
from dataclasses import dataclass, field

import pytest

import roles
from realmfleet.rehearsal.receiver import RECEIVED
from roles.alertmanager.settings import HEARTBEAT_EVERY_S, HEARTBEAT_FOR_S, routes, seconds
from roles.prometheus.alerts import ALERTS, EVALUATE_EVERY_S
from roles.prometheus.targets import SCRAPE_EVERY_S

pytestmark = [pytest.mark.rehearsal, pytest.mark.long]

# Two cores that run everything, and the webhook's own time.
SLACK_S = 15


@dataclass(frozen=True)
class Stop:
    """A unit, and the alert that tells of its stop."""

    alert: str
    unit: str
    role: str
    labels: dict = field(default_factory=dict)


SERVICES = (
    Stop("PostgresDown", "postgresql@17-main", "postgres"),
    Stop("RedisDown", "redis-server@session", "redis", {"instance": "session"}),
    Stop("RedisDown", "redis-server@leaderboard", "redis", {"instance": "leaderboard"}),
    Stop("PgbouncerDown", "pgbouncer", "pgbouncer"),
    Stop("EdgeDown", "haproxy", "haproxy"),
    Stop("ApiDown", "api", "api"),
    Stop("ZoneDown", "zone@forest-1", "zone", {"instance": "forest-1"}),
)
EXPORTERS = (
    Stop("ExporterDown", "prometheus-node-exporter", "exporters", {"job": "node"}),
    Stop("ExporterDown", "prometheus-postgres-exporter", "exporters", {"job": "postgres"}),
    Stop("ExporterDown", "prometheus-pgbouncer-exporter", "exporters", {"job": "pgbouncer"}),
    Stop("ExporterDown", "realmfleet-redis-exporter@session", "exporters", {"instance": "session"}),
    Stop(
        "ExporterDown",
        "realmfleet-redis-exporter@leaderboard",
        "exporters",
        {"instance": "leaderboard"},
    ),
)
WATCHERS = (
    Stop("PrometheusSilent", "prometheus", "prometheus"),
    Stop("AlertmanagerSilent", "prometheus-alertmanager", "alertmanager"),
)


def limits(alpha, stop):
    """(until it fires, until it clears) in seconds, as declared."""
    if stop in WATCHERS:
        ask = 2 * HEARTBEAT_EVERY_S + SLACK_S
        return HEARTBEAT_FOR_S + ask, ask
    alert = ALERTS[stop.alert]
    (droplet,) = alpha.rehearsal.fleet.droplets
    told = routes(droplet)[alert.severity]
    wait, interval = seconds(told["group_wait"]), seconds(told["group_interval"])
    fires = alert.fires_within_s + wait
    clears = SCRAPE_EVERY_S + 2 * EVALUATE_EVERY_S + interval
    return fires + SLACK_S, clears + SLACK_S


def heard(alpha, stop, status, since):
    """When the webhook first heard it after that, None if it has not yet."""
    lines = alpha.ok(f"cat {RECEIVED} 2>/dev/null || true").splitlines()
    entries = [entry for entry in map(json.loads, lines) if entry["body"] and entry["at"] > since]
    wanted = {"alertname": stop.alert} | stop.labels
    for entry in entries:
        for alert in entry["body"]["alerts"]:
            same = all(alert["labels"].get(name) == value for name, value in wanted.items())
            if same and alert["status"] == status:
                return entry["at"]
    return None


def wait_for(alpha, stops, status, since, most):
    """Seconds from `since` to each unit's message. Fails with those that came late or never."""
    took = {}
    while len(took) < len(stops) and time.time() < since + max(most.values()):
        for stop in stops:
            at = heard(alpha, stop, status, since)
            if stop.unit not in took and at:
                took[stop.unit] = at - since
        time.sleep(2)
    print(
        f"{status}: " + ", ".join(f"{unit} {s:.0f} of {most[unit]} s" for unit, s in took.items())
    )
    late = [s.unit for s in stops if took.get(s.unit, float("inf")) > most[s.unit]]
    assert late == [], f"{status} came late or never; in time: {took}"


def story(alpha, stops):
    """Stop them together, hear of each, start them again, hear that all is well."""
    here = [stop for stop in stops if stop.role in roles.names()]
    units = " ".join(stop.unit for stop in here)
    times = {stop.unit: limits(alpha, stop) for stop in here}
    since = time.time()
    try:
        alpha.ok(f"systemctl stop {units}")
        wait_for(alpha, here, "firing", since, {unit: most for unit, (most, _) in times.items()})
    finally:
        alpha.ok(f"systemctl start {units}")
    since = time.time()
    wait_for(alpha, here, "resolved", since, {unit: most for unit, (_, most) in times.items()})


def test_every_service_that_stops_is_told_and_told_again_when_it_is_back(deployed_alpha):
    story(deployed_alpha, SERVICES)


def test_an_exporter_that_stops_is_told(deployed_alpha):
    story(deployed_alpha, EXPORTERS)


@pytest.mark.parametrize("stop", WATCHERS, ids=lambda stop: stop.unit)
def test_the_death_of_a_watcher_is_told_by_the_heartbeat_once(deployed_alpha, stop):
    before = time.time()
    story(deployed_alpha, (stop,))
    lines = map(json.loads, deployed_alpha.ok(f"cat {RECEIVED}").splitlines())
    told = [entry["body"] for entry in lines if entry["body"] and entry["at"] > before]
    own = [body["status"] for body in told if body["groupLabels"]["alertname"] == stop.alert]
    assert own == ["firing", "resolved"]


def test_what_was_told_is_fit_to_read(deployed_alpha):
    lines = map(json.loads, deployed_alpha.ok(f"cat {RECEIVED}").splitlines())
    alerts = [alert for entry in lines if entry["body"] for alert in entry["body"]["alerts"]]
    assert alerts
    for alert in alerts:
        text = " ".join(alert["annotations"].values())
        assert "alpha-1" in text
        assert not [odd for odd in ("<no value>", "error expanding", "{{") if odd in text]
