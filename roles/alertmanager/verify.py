"""Alertmanager, as it is live: its routes, the Watchdog arriving, the heartbeat beating."""

import json
from collections.abc import Iterator, Mapping
from functools import partial

import yaml

from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.game import listen_ip
from realmfleet.units import Unit
from realmfleet.verify.files import secret_files
from realmfleet.verify.model import Check, Verdict
from realmfleet.verify.units import hardening, unit_checks
from roles.alertmanager import files
from roles.alertmanager.settings import HEARTBEAT_EVERY_S

# A droplet has no curl; its Python can ask.
ASK = (
    "python3 -I -c 'import sys, urllib.request as u; "
    'sys.stdout.write(u.urlopen("http://{address}:{port}/api/v2/{path}", timeout=10).read()'
    ".decode())' 2>&1"
)

# A Prometheus that has just started sends its first alerts within so many seconds.
ARRIVES_WITHIN_S = 45

# A busy droplet may be late by a run or two.
LATE_S = 4 * HEARTBEAT_EVERY_S


def units(_droplet: Droplet) -> tuple[Unit, ...]:
    """The server, and the timer of the heartbeat."""
    return files.UNITS


def checks(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> Iterator[Check]:
    """Everything about Alertmanager on this droplet."""
    at, own = "alertmanager", {name: secrets[name] for name, _ in files.URLS if name in secrets}
    yield from unit_checks(at, units(droplet), ours=False)
    yield hardening(at, [files.UNIT.name, f"{files.HEARTBEAT}.service"])
    written = files.files(fleet, droplet, own)
    if any(file.secret for file in written):
        yield secret_files(at, written)
    address = listen_ip(fleet, droplet, at)
    (config,) = [file for file in written if file.path == files.CONFIG]
    yield Check(at, "routes", _ask(address, "status"), partial(judge_config, config.content))
    yield Check(at, "watchdog", _until_there(address), judge_watchdog)
    yield Check(at, "heartbeat", HEARTBEAT, judge_heartbeat)


def judge_config(wanted: str, answer: str) -> Verdict:
    """What Alertmanager says it has read: it adds what was left out, and writes it its way."""
    found = yaml.safe_load(json.loads(answer)["config"]["original"])
    if not _holds(yaml.safe_load(wanted), found):
        return Verdict("", ("it runs on other routes than those declared: deploy again",))
    return Verdict("the declared routes are in force")


def _holds(wanted: object, found: object) -> bool:
    """Whether everything wanted is found; lists have nothing besides."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(key in found and _holds(value, found[key]) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        pairs = list(zip(wanted, found, strict=False))
        return len(wanted) == len(found) and all(_holds(one, other) for one, other in pairs)
    # A matcher: 'severity = none' comes back as 'severity="none"'.
    return _bare(wanted) == _bare(found)


def _bare(value: object) -> str:
    return str(value).replace(" ", "").replace('"', "")


def judge_watchdog(answer: str) -> Verdict:
    """The alert that always fires has come from Prometheus."""
    if not json.loads(answer):
        return Verdict("", ("no Watchdog arrives from Prometheus: journalctl -u prometheus",))
    return Verdict("the Watchdog arrives")


# When it ran last and how that ended, and what it knows to be wrong.
HEARTBEAT = (
    f"systemctl show -p Result -p InactiveEnterTimestampMonotonic {files.HEARTBEAT}.service;"
    " echo now=$(cut -d. -f1 /proc/uptime);"
    f" echo state=$(cat /var/lib/{files.HEARTBEAT}/state.json 2>/dev/null)"
)


def judge_heartbeat(answer: str) -> Verdict:
    """It ran a moment ago, could tell what it had to, and there was nothing to tell."""
    said = dict(line.split("=", 1) for line in answer.splitlines())
    ago = int(said["now"]) - int(said["InactiveEnterTimestampMonotonic"]) // 1_000_000
    look = f"journalctl -u {files.HEARTBEAT}"
    faults = []
    if said["InactiveEnterTimestampMonotonic"] == "0" or ago > LATE_S:
        faults.append(f"the heartbeat has not beaten for {ago} s: {look}")
    if said["Result"] != "success":
        faults.append(f"the heartbeat could not tell what it saw: {look}")
    # What is not told yet may be over before it has to be.
    state = json.loads(said["state"] or "{}")
    if known := [name for name, entry in state.items() if entry["told"]]:
        faults.append(f"the heartbeat says {', '.join(known)}: {look}")
    return Verdict("the heartbeat beats, and has nothing to tell", tuple(faults))


def _ask(address: str, path: str) -> str:
    return ASK.format(address=address, port=files.PORT, path=path)


def _until_there(address: str) -> str:
    ask = _ask(address, "alerts?filter=alertname%3D%22Watchdog%22")
    return (
        f"for i in $(seq {ARRIVES_WITHIN_S}); do said=$({ask}); "
        'case $said in *Watchdog*) break;; esac; sleep 1; done; echo "$said"'
    )
