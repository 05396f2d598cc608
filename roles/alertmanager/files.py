"""Alertmanager: the text that lands on a droplet: routes, unit, and the heartbeat beside it."""

from collections.abc import Iterator, Mapping

from realmfleet.budget import budget
from realmfleet.files import File
from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.game import listen_ip
from realmfleet.render import render
from realmfleet.units import Unit, watch_list
from roles.alertmanager.settings import HEARTBEAT_EVERY_S, HEARTBEAT_FOR_S, routes

PORT = 9093
PROMETHEUS_PORT = 9090

# Not Debian's user, which is Prometheus' too: the firewall lets this one alone out.
USER = "alertmanager"

FOLDER = "/etc/realmfleet/alertmanager"
CONFIG = f"{FOLDER}/alertmanager.yml"
WEBHOOK = f"{FOLDER}/webhook-url"
OUTSIDE = f"{FOLDER}/heartbeat-url"
DROP_IN = "/etc/systemd/system/prometheus-alertmanager.service.d/50-realmfleet.conf"

HEARTBEAT = "realmfleet-heartbeat"
PROGRAM = f"/usr/local/lib/realmfleet/{HEARTBEAT}"

UNIT = Unit(
    "prometheus-alertmanager.service",
    restart=(DROP_IN,),
    reload=(CONFIG,),
    ready=f"ss -ltnH 'sport = :{PORT}' | grep -q .",
)
# Its service starts anew every time: nothing is owed.
TIMER = Unit(f"{HEARTBEAT}.timer")
UNITS = (UNIT, TIMER)

CHECK = f"""amtool check-config $STAGE{CONFIG}
python3 -I -c 'import sys; compile(open(sys.argv[1]).read(), "heartbeat", "exec")' $STAGE{PROGRAM}
"""

# (secret, where its one line lies)
URLS = (("alertmanager_webhook_url", WEBHOOK), ("alertmanager_heartbeat_url", OUTSIDE))


def files(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> tuple[File, ...]:
    """`secrets`: those of the two URLs that this fleet has."""
    config = render(
        "alertmanager/alertmanager.yml.j2",
        routes=routes(droplet),
        webhook=WEBHOOK if "alertmanager_webhook_url" in secrets else "",
    )
    return (
        File(CONFIG, config),
        *_urls(secrets),
        File(DROP_IN, _unit(fleet, droplet)),
        *_heartbeat(fleet, droplet, secrets),
        watch_list(UNIT),
    )


def absent(secrets: Mapping[str, str]) -> list[str]:
    """Files of URLs that this fleet does not have any more."""
    return [path for name, path in URLS if name not in secrets]


def _urls(secrets: Mapping[str, str]) -> Iterator[File]:
    for name, path in URLS:
        if name in secrets:
            yield File(path, f"{secrets[name]}\n", USER, USER, 0o600, secret=True)


def _unit(fleet: Fleet, droplet: Droplet) -> str:
    return render(
        "alertmanager/unit.conf.j2",
        user=USER,
        config=CONFIG,
        listen=f"{_address(fleet, droplet)}:{PORT}",
        memory_limit_mb=budget(droplet).share("alertmanager") * 9 // 10,
    )


def _heartbeat(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> Iterator[File]:
    given = {path: name in secrets for name, path in URLS}
    near = droplet.carries("prometheus")
    environment = {
        "FLEET": fleet.name,
        "DROPLET": droplet.name,
        "REGION": droplet.region,
        "FOR_S": HEARTBEAT_FOR_S,
        "ALERTMANAGER": f"http://{_address(fleet, droplet)}:{PORT}",
        "PROMETHEUS": f"http://127.0.0.1:{PROMETHEUS_PORT}" if near else "",
        "WEBHOOK": WEBHOOK if given[WEBHOOK] else "",
        "OUTSIDE": OUTSIDE if given[OUTSIDE] else "",
    }
    folder = "/etc/systemd/system"
    yield File(PROGRAM, render("alertmanager/heartbeat.py"), mode=0o755)
    service = render(
        "alertmanager/heartbeat.service.j2", user=USER, program=PROGRAM, environment=environment
    )
    yield File(f"{folder}/{HEARTBEAT}.service", service)
    timer = render("alertmanager/heartbeat.timer.j2", every_s=HEARTBEAT_EVERY_S)
    yield File(f"{folder}/{HEARTBEAT}.timer", timer)


def _address(fleet: Fleet, droplet: Droplet) -> str:
    return listen_ip(fleet, droplet, "alertmanager")
