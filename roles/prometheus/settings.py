"""Prometheus's flags on a droplet: what it keeps, and what a question may cost."""

from collections.abc import Iterator
from pathlib import Path

from realmfleet.budget import budget
from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.game import LOOPBACK
from realmfleet.settings import Setting, Settings, check_allowed, check_names, lay, names_in
from roles.prometheus.targets import PORT

KNOWN = names_in(Path(__file__).with_name("known_settings.txt"))

FOLDER = "/etc/realmfleet/prometheus"
DATA = "/var/lib/prometheus/metrics2"

# Names that no inventory may set, whatever the value.
FORBIDDEN = {
    "web.enable-lifecycle": "whoever reaches the port could stop it; systemd reloads it",
    "web.enable-admin-api": "whoever reaches the port could delete the metrics",
    "web.enable-remote-write-receiver": "whoever reaches the port could write metrics",
    "storage.tsdb.retention": "upstream's old name of storage.tsdb.retention.time",
}

# Part of the disk that metrics may take; backups, logs and the database live there too.
DISK_PERCENT = 10

# A sample takes 16 bytes while a question is answered.
# https://prometheus.io/docs/prometheus/2.53/command-line/prometheus/
SAMPLE_BYTES = 16
# Part of the memory that all questions at once may take.
QUERY_PERCENT = 25
QUERIES = 4


def settings(_fleet: Fleet, droplet: Droplet) -> Settings:
    """Every flag, by upstream's name. Raises WishError for wishes unknown or forbidden."""
    wishes = droplet.data.get("prometheus_settings", {})
    source = f"{droplet.name}: prometheus_settings"
    check_names(wishes, KNOWN, source)
    check_allowed(wishes, FORBIDDEN, source)
    return lay([*_kept(droplet), *_questions(droplet)], wishes, _required(), source)


def memory_limit_mb(droplet: Droplet) -> int:
    """GOMEMLIMIT: below the budget's share, for the kernel counts its files' pages as well."""
    return budget(droplet).share("prometheus") * 9 // 10


def _kept(droplet: Droplet) -> Iterator[Setting]:
    why = "two weeks of history: this week against the last one"
    yield Setting("storage.tsdb.retention.time", "15d", why)
    disk = droplet.size.disk_gb
    why = f"{DISK_PERCENT} % of the disk's {disk} GB, should 15 days be more"
    yield Setting("storage.tsdb.retention.size", f"{disk * DISK_PERCENT * 10}MB", why)


def _questions(droplet: Droplet) -> Iterator[Setting]:
    share = budget(droplet).share("prometheus")
    most = share * QUERY_PERCENT * 10_000 // (SAMPLE_BYTES * QUERIES)
    yield Setting("query.max-concurrency", QUERIES, "pages and operators, two cores")
    why = f"{QUERIES} questions at once take at most {QUERY_PERCENT} % of {share} MB"
    yield Setting("query.max-samples", most, why)
    yield Setting("query.timeout", "30s", "nobody waits longer for a page")
    yield Setting("web.max-connections", 64, "a few operators' browsers")
    why = "a start drops its first alerts, Alertmanager is not discovered yet: not a minute late"
    yield Setting("rules.alert.resend-delay", "15s", why)
    yield Setting("log.level", "warn", "what it does every two hours is no news")


def _required() -> Iterator[Setting]:
    yield Setting("config.file", f"{FOLDER}/prometheus.yml", "realmfleet writes it")
    why = "it has no log-in: operators come through an SSH tunnel"
    yield Setting("web.listen-address", f"{LOOPBACK}:{PORT}", why)
    yield Setting("storage.tsdb.path", DATA, "where Debian's package keeps it")
    yield Setting("web.console.templates", f"{FOLDER}/consoles", "the pages")
    yield Setting("web.console.libraries", f"{FOLDER}/console_libraries", "what pages share")
