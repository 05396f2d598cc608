"""Prometheus: the text that lands on a droplet: configuration, rules, pages, unit."""

from collections.abc import Collection, Iterator

from realmfleet.files import File
from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.flows import FLOWS
from realmfleet.fleet.game import listen_ip
from realmfleet.render import render
from realmfleet.units import Unit, let_through, watch_list
from roles.prometheus.alerts import ALERTS, EVALUATE_EVERY_S, SUBJECTS
from roles.prometheus.settings import DATA, FOLDER, memory_limit_mb, settings
from roles.prometheus.targets import PORT, SCRAPE_EVERY_S, jobs, targets

CONFIG = f"{FOLDER}/prometheus.yml"
DROP_IN = "/etc/systemd/system/prometheus.service.d/50-realmfleet.conf"

RECORDS = "records"
RULES = tuple(f"{FOLDER}/rules/{name}.yml" for name in (RECORDS, *SUBJECTS))

# A page's lines: 30 looks back, x in pixels and how long ago. None is 0, which is no offset.
POINTS = [(2 + 4 * i, f"{(30 - i) * 2}m") for i in range(30)] + [(122, "1s")]

PAGES = ("fleet", "postgres", "redis", "edge", "zones")

# Rules and pages need no restart: pages are read at every look, rules at a reload.
UNIT = Unit(
    "prometheus.service",
    restart=(DROP_IN,),
    reload=(CONFIG, *RULES),
    # Only once it has read back what it knew, which takes a while after a crash.
    ready=f"bash -c 'exec 3<>/dev/tcp/127.0.0.1/{PORT}; printf "
    '"GET /-/ready HTTP/1.0\\r\\n\\r\\n" >&3; head -n 1 <&3 | grep -q " 200 "\'',
)

# Rules are found beside the configuration, so the stage's are checked with the stage's.
CHECK = f"promtool check config $STAGE{CONFIG}"

# What Prometheus puts into an annotation when the alert fires, and how it is written.
LABELS = (
    *("droplet", "instance", "zone", "job", "service", "datname", "database", "mountpoint"),
    *("name", "proxy", "server", "slot_name", "certificate", "integration"),
)
ON = {name: f"{{{{ $labels.{name} }}}}" for name in LABELS}
VALUES = {
    "number": "{{ $value | humanize }}",
    "percent": "{{ $value | humanizePercentage }}",
    "duration": "{{ $value | humanizeDuration }}",
    "bytes": "{{ $value | humanize1024 }}B",
}


def files(fleet: Fleet, droplet: Droplet, deployed: Collection[str]) -> tuple[File, ...]:
    """`deployed`: the services that have a role; the others cannot be asked yet."""
    return (
        File(CONFIG, configuration(fleet, droplet, deployed)),
        *rules(),
        *_pages(),
        File(DROP_IN, _unit(fleet, droplet)),
        watch_list(UNIT),
    )


def rules() -> tuple[File, ...]:
    """Recording rules, and the alerts of each subject."""
    return tuple(
        File(path, render(f"prometheus/rules/{path.rsplit('/', 1)[1]}.j2", **_words()))
        for path in RULES
    )


def configuration(fleet: Fleet, droplet: Droplet, deployed: Collection[str]) -> str:
    """What is asked, how often, and who hears of alerts."""
    return render(
        "prometheus/prometheus.yml.j2",
        fleet=fleet.name,
        scrape_every_s=SCRAPE_EVERY_S,
        evaluate_every_s=EVALUATE_EVERY_S,
        alertmanagers=_alertmanagers(fleet, deployed),
        jobs=jobs(targets(fleet, droplet, deployed)),
    )


def _alertmanagers(fleet: Fleet, deployed: Collection[str]) -> list[str]:
    """Every one: they tell each other nothing, so that two would tell it twice."""
    if "alertmanager" not in deployed:
        return []
    (port,) = {f.ports[0] for f in FLOWS if f.service == "alertmanager"}
    found = fleet.carrying("alertmanager")
    return [f"{listen_ip(fleet, other, 'alertmanager')}:{port}" for other in found]


def _words() -> dict[str, object]:
    return {"alert": ALERTS, "on": ON, "value": VALUES}


def _pages() -> Iterator[File]:
    for name in PAGES:
        yield File(f"{FOLDER}/consoles/{name}.html", render(f"prometheus/consoles/{name}.html.j2"))
    shared = render("prometheus/consoles/realmfleet.lib.j2", points=POINTS)
    yield File(f"{FOLDER}/console_libraries/realmfleet.lib", shared)


def _unit(fleet: Fleet, droplet: Droplet) -> str:
    return render(
        "prometheus/unit.conf.j2",
        flags=settings(fleet, droplet).values(),
        data=DATA,
        memory_limit_mb=memory_limit_mb(droplet),
        allowed=let_through(fleet, droplet, "prometheus"),
    )
