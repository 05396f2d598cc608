"""HAProxy: the text that lands on a droplet."""

from collections.abc import Mapping

from realmfleet.files import Directory, File
from realmfleet.fleet import Droplet, Fleet
from realmfleet.render import render
from realmfleet.secrets.certificate import not_after
from realmfleet.units import Unit, watch_list
from roles.haproxy.backends import BACKEND_CHECK, METRICS_PORT, metrics_ip, servers
from roles.haproxy.runtime import ADMIN, ASK, MASTER, SWITCHES
from roles.haproxy.settings import (
    CLIENT_CONNECTIONS,
    CLIENTS,
    GLOBAL,
    WINDOW_S,
    rate_limit,
    settings,
)

FOLDER = "/etc/haproxy/realmfleet"
MAIN = f"{FOLDER}/haproxy.cfg"
CERTIFICATE = f"{FOLDER}/certificate.pem"
PAGE = f"{FOLDER}/maintenance.html"
# Debian's node exporter reads what lies in this folder: HAProxy has no metric of its own for it.
METRIC = "/var/lib/prometheus/node-exporter/realmfleet-certificate.prom"
DROP_IN = "/etc/systemd/system/haproxy.service.d/50-realmfleet.conf"

# The secret that an operator gives.
GIVEN = "haproxy_certificate"

# The vendor's own needs two sockets a client, and a few dozen besides.
SPARE_FILES = 200

UNIT = Unit(
    "haproxy.service",
    restart=(DROP_IN,),
    reload=(MAIN, CERTIFICATE, PAGE, SWITCHES),
    ready="ss -ltnH 'sport = :443' | grep -q .",
)


def files(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> tuple[File, ...]:
    """Configuration, certificate and its end, the page for bad times, and the unit's hardening."""
    pem = "\n".join(secrets[GIVEN].split("\r\n")).strip() + "\n"
    maintained = bool(droplet.data.get("haproxy_maintenance", False))
    return (
        File(MAIN, _main(fleet, droplet)),
        File(CERTIFICATE, pem, mode=0o600, secret=True),
        File(METRIC, render("haproxy/certificate.prom.j2", ends=not_after(GIVEN, pem))),
        File(PAGE, render("haproxy/maintenance.html.j2")),
        File(SWITCHES, render("haproxy/switches.map.j2", maintained=maintained)),
        File(ASK, render("haproxy/ask.py.j2", admin=ADMIN, master=MASTER), mode=0o755),
        File(DROP_IN, _drop_in(fleet, droplet)),
        watch_list(UNIT),
    )


def directories() -> tuple[Directory, ...]:
    """Our own, beside the vendor's."""
    return (Directory(FOLDER, mode=0o755),)


def check() -> str:
    """HAProxy's own check of everything in the stage, certificate included; -dW: no warnings."""
    return (
        f'sed "s#{FOLDER}/#$STAGE{FOLDER}/#g" $STAGE{MAIN} > $STAGE/try.cfg\n'
        "haproxy -c -dW -f $STAGE/try.cfg"
    )


def _main(fleet: Fleet, droplet: Droplet) -> str:
    laid = settings(fleet, droplet).values()
    return render(
        "haproxy/haproxy.cfg.j2",
        global_settings=[s for s in laid if s.name in GLOBAL],
        defaults=[s for s in laid if s.name not in GLOBAL],
        certificate=CERTIFICATE,
        page=PAGE,
        switches=SWITCHES,
        servers=servers(fleet, droplet),
        server_check=BACKEND_CHECK,
        ready_path=droplet.data.get("haproxy_ready_path", "/ready"),
        clients=CLIENTS,
        window_s=WINDOW_S,
        forget_s=3 * WINDOW_S,
        rate_limit=rate_limit(droplet),
        client_connections=CLIENT_CONNECTIONS,
        metrics=f"{metrics_ip(fleet, droplet)}:{METRICS_PORT}",
    )


def _drop_in(fleet: Fleet, droplet: Droplet) -> str:
    nofile = 2 * int(settings(fleet, droplet)["maxconn"].value) + SPARE_FILES
    return render("haproxy/unit.conf.j2", main=MAIN, master=MASTER, ask=ASK, nofile=nofile)
