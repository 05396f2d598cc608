"""Every alert: how bad it is, how long it must last before somebody is told, and why so long.

The expressions stand in templates/prometheus/rules/; a test compares the names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from roles.prometheus.targets import SCRAPE_EVERY_S

# critical: players are hit, or soon will be; somebody looks now. warning: today.
# none: never told to anybody (the Watchdog).
Severity = Literal["critical", "warning", "none"]

EVALUATE_EVERY_S = 15

MINUTE = 60


@dataclass(frozen=True)
class Alert:
    """One alert. `for_s`: seconds for which its expression must hold."""

    name: str
    subject: str
    severity: Severity
    for_s: int
    why: str

    @property
    def fires_within_s(self) -> int:
        """From the fault to Alertmanager: it is seen, it lasts, it is evaluated once more."""
        return SCRAPE_EVERY_S + self.for_s + 2 * EVALUATE_EVERY_S


def _host() -> Iterator[Alert]:
    at = "host"
    yield Alert("HostDown", at, "critical", MINUTE, "longer than a lost packet, a boot is told")
    yield Alert("ExporterDown", at, "warning", 2 * MINUTE, "longer than a deploy's restart")
    yield Alert("ClockSkew", at, "warning", 5 * MINUTE, "chrony mends a jump within minutes")
    yield Alert("DiskAlmostFull", at, "critical", 5 * MINUTE, "the spec's; big temporary files go")
    why = "a line through six hours needs to hold, a backup's burst does not"
    yield Alert("DiskFillsUp", at, "warning", 60 * MINUTE, why)
    yield Alert("InodesAlmostGone", at, "warning", 15 * MINUTE, "grows slowly")
    yield Alert("MemoryLow", at, "warning", 5 * MINUTE, "longer than apt's updates")
    yield Alert("OutOfMemoryKill", at, "critical", 0, "one is one too many")
    yield Alert("UnitFailed", at, "warning", 5 * MINUTE, "longer than its own restarts")
    yield Alert("ConnectionTableFull", at, "warning", 5 * MINUTE, "a rush of players passes")


def _postgres() -> Iterator[Alert]:
    at = "postgres"
    yield Alert("PostgresDown", at, "critical", MINUTE, "the spec's; a restart takes seconds")
    yield Alert("PostgresConnections", at, "warning", 5 * MINUTE, "the spec's")
    yield Alert("PostgresDeadlocks", at, "warning", 0, "counted over ten minutes already")
    why = "its expression waits for ten minutes already"
    yield Alert("PostgresLongTransaction", at, "warning", MINUTE, why)
    yield Alert("PostgresReplicationLag", at, "warning", 2 * MINUTE, "a large write is caught up")
    yield Alert("PostgresSlotBehind", at, "warning", 5 * MINUTE, "a replica's restart")
    yield Alert("PostgresArchiveFailing", at, "critical", 5 * MINUTE, "it tries again by itself")
    yield Alert("PostgresUnread", at, "warning", 5 * MINUTE, "longer than a restart of either")


def _redis() -> Iterator[Alert]:
    at = "redis"
    yield Alert("RedisDown", at, "critical", MINUTE, "the spec's; a restart takes seconds")
    yield Alert("RedisRejecting", at, "critical", 0, "counted over five minutes already")
    yield Alert("LeaderboardFull", at, "critical", MINUTE, "it refuses writes when it is full")
    yield Alert("SessionsEvicted", at, "warning", 10 * MINUTE, "a burst of evictions is its work")
    yield Alert("RedisNotSaving", at, "critical", 2 * MINUTE, "it tries again by itself")


def _pgbouncer() -> Iterator[Alert]:
    at = "pgbouncer"
    yield Alert("PgbouncerDown", at, "critical", MINUTE, "a restart takes seconds")
    yield Alert("PgbouncerWaiting", at, "warning", MINUTE, "a burst waits for milliseconds")


def _edge() -> Iterator[Alert]:
    at = "edge"
    yield Alert("EdgeDown", at, "critical", MINUTE, "a restart takes seconds")
    yield Alert("EdgeWithoutServer", at, "critical", 30, "players see the maintenance page")
    yield Alert("EdgeServerDown", at, "warning", 2 * MINUTE, "longer than an API's release")
    yield Alert("EdgeErrors", at, "critical", 2 * MINUTE, "a release's last requests pass")
    yield Alert("EdgeFull", at, "warning", 2 * MINUTE, "a rush of players passes")
    yield Alert("CertificateEnds", at, "warning", 60 * MINUTE, "three weeks are left")
    yield Alert("CertificateEndsNow", at, "critical", 5 * MINUTE, "a week is left")


def _api() -> Iterator[Alert]:
    at = "api"
    yield Alert("ApiDown", at, "critical", MINUTE, "a release takes seconds")
    yield Alert("ApiErrors", at, "critical", 2 * MINUTE, "one bad minute passes")
    yield Alert("ApiSlow", at, "warning", 5 * MINUTE, "a backup or vacuum passes")


def _zones() -> Iterator[Alert]:
    at = "zones"
    yield Alert("ZoneDown", at, "critical", MINUTE, "a restart takes seconds")
    yield Alert("ZoneNotReady", at, "critical", 2 * MINUTE, "longer than loading a large map")
    yield Alert("ZoneDraining", at, "warning", 60 * MINUTE, "an upgrade drains it, not for hours")
    yield Alert("ZoneSlow", at, "warning", 2 * MINUTE, "one bad tick is no trouble")
    yield Alert("ZoneSavesFail", at, "critical", MINUTE, "a save is tried again by the zone")
    yield Alert("ZoneFull", at, "warning", 5 * MINUTE, "players come and go")


def _monitoring() -> Iterator[Alert]:
    at = "monitoring"
    yield Alert("Watchdog", at, "none", 0, "always there: its silence is the alarm")
    yield Alert("RulesFailing", at, "warning", 5 * MINUTE, "one slow evaluation passes")
    yield Alert("ConfigurationOld", at, "warning", 5 * MINUTE, "longer than a deploy")
    yield Alert("AlertsUndelivered", at, "critical", 5 * MINUTE, "it tries again by itself")
    yield Alert("AlertmanagerDown", at, "critical", MINUTE, "a restart takes seconds")
    yield Alert("NotificationsFailing", at, "critical", 5 * MINUTE, "it tries again by itself")


_GROUPS = (_host, _postgres, _redis, _pgbouncer, _edge, _api, _zones, _monitoring)

ALERTS = {alert.name: alert for group in _GROUPS for alert in group()}
SUBJECTS = tuple(dict.fromkeys(alert.subject for alert in ALERTS.values()))
