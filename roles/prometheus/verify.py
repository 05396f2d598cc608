"""Prometheus, as it is live: its targets answer, its rules are loaded, its flags in force."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial

import roles
from realmfleet.fleet import Droplet, Fleet
from realmfleet.units import Unit
from realmfleet.verify.model import Check, Verdict
from realmfleet.verify.units import unit_checks
from roles.prometheus import files
from roles.prometheus.alerts import ALERTS
from roles.prometheus.settings import settings
from roles.prometheus.targets import PORT, Target, targets

# A droplet has no curl; its Python can ask. {} is the path below /api/v1/.
ASK = (
    "python3 -I -c 'import sys, urllib.request as u; "
    f'sys.stdout.write(u.urlopen("http://127.0.0.1:{PORT}/api/v1/{{}}", timeout=10).read()'
    ".decode())' 2>&1"
)

# As Prometheus reads them; its MB are MiB.
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
UNITS |= {"d": 86400.0, "w": 7 * 86400.0, "y": 365 * 86400.0}
UNITS |= {unit: 1024.0**i for i, unit in enumerate(("B", "KB", "MB", "GB", "TB"))}
UNITS |= {unit: 1024.0**i for i, unit in enumerate(("KiB", "MiB", "GiB", "TiB"), 1)}

# After a start there are no targets for 5 s, and each is asked within one interval: until then
# its state is unknown.
KNOWN_WITHIN_S = 30


def units(_droplet: Droplet) -> tuple[Unit, ...]:
    """The one server."""
    return (files.UNIT,)


def checks(fleet: Fleet, droplet: Droplet, _secrets: Mapping[str, str]) -> Iterator[Check]:
    """Everything about Prometheus on this droplet."""
    yield from unit_checks("prometheus", units(droplet))
    flags = {s.name: s.text for s in settings(fleet, droplet).values()}
    question = ASK.format("status/flags")
    yield Check("prometheus", "flags", question, partial(judge_flags, flags))
    asked = targets(fleet, droplet, roles.names())
    yield Check("prometheus", "targets", _settled_targets(), partial(judge_targets, asked))
    yield Check("prometheus", "rules", ASK.format("rules"), partial(judge_rules, set(ALERTS)))


def judge_flags(wanted: Mapping[str, str], answer: str) -> Verdict:
    """What runs has the flags that are asked."""
    found = json.loads(answer)["data"]
    faults = [
        f"{name} is {found.get(name, 'unknown to it')}, asked {value}: deploy again"
        for name, value in wanted.items()
        if not _same(value, str(found.get(name)))
    ]
    return Verdict(f"{len(wanted)} flags in force", tuple(faults))


def judge_targets(wanted: Collection[Target], answer: str) -> Verdict:
    """Exactly the declared ones, every one up."""
    active = json.loads(answer)["data"]["activeTargets"]
    found = {(one["scrapePool"], one["discoveredLabels"]["__address__"]): one for one in active}
    asked = {(target.job, target.address): target for target in wanted}
    faults = [f"{job} at {at} is not asked: deploy again" for job, at in {*asked} - {*found}]
    faults += [f"{job} at {at} is declared nowhere" for job, at in {*found} - {*asked}]
    faults += [
        f"{asked[key].job} of {asked[key].instance} on {asked[key].droplet} is {one['health']} "
        f"({one['lastError'] or 'not asked yet'}): look there"
        for key, one in found.items()
        if key in asked and one["health"] != "up"
    ]
    return Verdict(f"all {len(asked)} targets are up", tuple(faults))


def judge_rules(wanted: Collection[str], answer: str) -> Verdict:
    """Every alert is loaded, none besides, and none of the rules fails."""
    rules = [rule for group in json.loads(answer)["data"]["groups"] for rule in group["rules"]]
    loaded = {rule["name"] for rule in rules if rule["type"] == "alerting"}
    faults = [f"{name} is not loaded: deploy again" for name in sorted({*wanted} - loaded)]
    faults += [f"{name} is declared nowhere" for name in sorted(loaded - {*wanted})]
    faults += [
        f"{rule['name']} cannot be evaluated: {rule.get('lastError')}"
        for rule in rules
        if rule["health"] == "err"
    ]
    return Verdict(f"{len(loaded)} alerts and {len(rules) - len(loaded)} records", tuple(faults))


def _settled_targets() -> str:
    """Asked again while a target is still unknown, or none is there; the last answer counts."""
    ask = ASK.format("targets?state=active")
    unsettled = "*'\"unknown\"'*|*'\"activeTargets\":[]'*"
    return (
        f"for i in $(seq {KNOWN_WITHIN_S}); do said=$({ask}); case $said in {unsettled}) "
        'sleep 1;; *) break;; esac; done; echo "$said"'
    )


def _same(asked: str, found: str) -> bool:
    """Prometheus writes amounts in its own way: 8000MB as 7GiB832MiB, 14d as 2w."""
    return asked == found or (_amount(asked) is not None and _amount(asked) == _amount(found))


def _amount(text: str) -> float | None:
    """Bytes or seconds; None where it is neither."""
    if not re.fullmatch(r"(?:\d+[A-Za-z]+)+", text):
        return None
    parts = re.findall(r"(\d+)([A-Za-z]+)", text)
    if any(unit not in UNITS for _, unit in parts):
        return None
    return sum(int(number) * UNITS[unit] for number, unit in parts)
