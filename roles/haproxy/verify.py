"""The edge, as it is live: what it serves, to whom it says no, and which APIs stand behind it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import roles
from realmfleet.fleet import Droplet, Fleet
from realmfleet.secrets.certificate import parse
from realmfleet.units import Unit
from realmfleet.verify.ask import by_label
from realmfleet.verify.files import secret_files
from realmfleet.verify.model import Check, Verdict
from realmfleet.verify.units import unit_checks
from roles.haproxy import files
from roles.haproxy.backends import METRICS_PORT, Server, metrics_ip, servers
from roles.haproxy.questions import ANSWERS, PRESENTED
from roles.haproxy.runtime import ask
from roles.haproxy.settings import WINDOW_S, rate_limit, settings

# Enough to renew a certificate without haste; authorities renew theirs a month before.
FEW_DAYS = 14

# As `show info` names them.
SHOWN = {"maxconn": "Maxconn", "nbthread": "Nbthread"}

# srv_op_state of `show servers state`: https://docs.haproxy.org/3.0/management.html#9.3
UP = "2"


def units(_droplet: Droplet) -> tuple[Unit, ...]:
    """One: the master, with its workers."""
    return (files.UNIT,)


def checks(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> Iterator[Check]:
    """Everything about the edge on this droplet."""
    yield from unit_checks("haproxy", units(droplet))
    yield secret_files("haproxy", files.files(fleet, droplet, secrets))
    laid = settings(fleet, droplet)
    wanted = {SHOWN[name]: laid[name].text for name in SHOWN}
    yield Check("haproxy", "settings", f"{ask('show info')} 2>&1", partial(judge_info, wanted))
    behind = partial(judge_servers, servers(fleet, droplet), "api" in roles.names())
    yield Check("haproxy", "APIs", f"{ask('show servers state api')} 2>&1", behind)
    given = partial(judge_certificate, secrets["haproxy_certificate"])
    yield Check("haproxy", "certificate", _python(PRESENTED), given)
    limit = rate_limit(droplet)
    yield Check("haproxy", "answers", _python(ANSWERS, limit), partial(judge_answers, limit))
    inner = partial(judge_metrics, metrics_ip(fleet, droplet))
    yield Check("haproxy", "metrics", f"ss -ltnH 'sport = :{METRICS_PORT}'", inner)


def judge_info(wanted: Mapping[str, str], answer: str) -> Verdict:
    """What `show info` says against what is asked."""
    lines = [line.partition(": ") for line in answer.splitlines()]
    found = {name: value for name, _, value in lines}
    found["Maxconn"]  # LookupError: this was no such answer.
    faults = [
        f"{name} is {found.get(name)}, asked {value}: systemctl reload haproxy"
        for name, value in wanted.items()
        if found.get(name) != value
    ]
    return Verdict(f"{len(wanted)} settings in force", tuple(faults))


def judge_servers(wanted: Sequence[Server], due: bool, answer: str) -> Verdict:
    """The APIs that the running process knows; `due`: they have a role, so one must answer."""
    rows = [line.split() for line in answer.splitlines() if line[:1].isdigit()]
    found = {row[3]: (f"{row[4]}:{row[18]}", row[5]) for row in rows if len(row) > 18}
    if "srv_op_state" not in answer:
        raise ValueError(answer)
    asked = {server.name: f"{server.address}:{server.port}" for server in wanted}
    faults = [
        f"API {name} is at {found.get(name, ('nowhere', ''))[0]}, asked {asked.get(name, 'none')}: "
        "deploy again"
        for name in sorted({*found, *asked})
        if found.get(name, ("", ""))[0] != asked.get(name)
    ]
    up = [name for name, (_, state) in found.items() if state == UP]
    if due and not up and not faults:
        faults.append(f"none of {len(found)} APIs answers, players see the maintenance page")
    return Verdict(f"{len(up)} of {len(found)} APIs answer", tuple(faults))


def judge_certificate(declared: str, answer: str) -> Verdict:
    """What is presented on 443 is what was given, and it lasts."""
    said = by_label(answer)
    own = parse("haproxy_certificate", declared)
    left = own.days_left(int(said["now"]))
    faults = []
    if bytes.fromhex(said["shown"]) != own.der:
        faults.append("443 presents another certificate than the one given: deploy again")
    if left < FEW_DAYS:
        faults.append(f"the certificate ends in {left} days: renew it, realmfleet secrets set")
    return Verdict(f"certificate as given, good for {left} days", tuple(faults))


def judge_answers(limit: int, answer: str) -> Verdict:
    """Plain HTTP is sent to TLS, the API's inner side is not there, too much is refused."""
    said, faults = by_label(answer), []
    if said["redirect"] != "301 https://127.0.0.1/verify":
        faults.append(f"port 80 answers {said['redirect']}, it must redirect to TLS: deploy again")
    for path in ("/internal/zones", "/metrics", "/%69nternal/zones", "/v1//internal/zones"):
        if said[path] != "404":
            faults.append(f"{path} answers {said[path]} from outside, it must be 404: deploy again")
    status, number = said["flood"].split()
    # The window slides while we ask, so it may take a few more.
    if status != "429" or int(number) <= limit:
        faults.append(
            f"request {number} of one address answers {status}, 429 is asked after {limit} in "
            f"{WINDOW_S} s: deploy again"
        )
    return Verdict(f"redirect, refusals, 429 after {limit} requests", tuple(faults))


def judge_metrics(address: str, answer: str) -> Verdict:
    """Statistics are served at one inner address."""
    found = {line.split()[3] for line in answer.splitlines()}
    asked = f"{address}:{METRICS_PORT}"
    faults = () if found == {asked} else (f"metrics listen on {found or 'nothing'}, asked {asked}",)
    return Verdict(f"metrics for Prometheus alone, on {asked}", faults)


def _python(program: str, *arguments: object) -> str:
    words = " ".join(str(argument) for argument in arguments)
    return f"python3 -I - {words} 2>&1 <<'END_OF_PYTHON'\n{program}END_OF_PYTHON"
