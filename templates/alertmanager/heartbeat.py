#!/usr/bin/python3 -I
# Written by realmfleet; changes made here are undone.
"""Asks Prometheus and Alertmanager whether they live; tells the webhook when one does not.

They cannot tell of their own death. Started by a timer; what was told is kept in a file, so
that a death is told once and its end once; what the webhook did not take is tried again.
"""

import hashlib
import json
import os
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

ASK_S = 5
POST_S = 10
# Prometheus repeats a firing alert to Alertmanager every minute.
WATCHDOG_OLD_S = 150

RUNBOOKS = {
    "PrometheusSilent": "systemctl status prometheus, journalctl -u prometheus, df -h",
    "AlertmanagerSilent": "systemctl status prometheus-alertmanager, and its journal",
    "WatchdogMissing": "journalctl -u prometheus; http://127.0.0.1:9090/alerts by the tunnel",
}


def main(env, now):
    book = Path(env["STATE_DIRECTORY"]) / "state.json"
    faults = look(env, now)
    done = [settle(env, book, name, faults.get(name, ""), now) for name in RUNBOOKS]
    if not faults and env["HEARTBEAT_OUTSIDE"]:
        done.append(reach(env["HEARTBEAT_OUTSIDE"], None, "the switch outside was not reached"))
    return 0 if all(done) else 1


def settle(env, book, name, seen, now):
    """Tell of one fault or of its end, where that is due; whether nothing is left to be told."""
    state = read(book)
    word, entry = judge(state.get(name), seen, now, float(env["HEARTBEAT_FOR_S"]))
    taken = True
    if word and env["HEARTBEAT_WEBHOOK"]:
        body = json.dumps(compose(env, name, word, entry["since"], now, seen)).encode()
        complaint = "the webhook did not take the heartbeat's alert"
        taken = reach(env["HEARTBEAT_WEBHOOK"], body, complaint)
    if taken and word:
        entry = {**entry, "told": True} if word == "firing" else None
    others = {other: kept for other, kept in state.items() if other != name}
    then = {**others, name: entry} if entry else others
    if then != state:
        write(book, then)
    return taken


def judge(entry, fault, now, for_s):
    """What is to be told ('firing', 'resolved' or nothing), and the entry as it then is."""
    if fault:
        entry = entry or {"since": now, "told": False}
        due = not entry["told"] and now - entry["since"] >= for_s
        return ("firing" if due else ""), entry
    if entry and entry["told"]:
        return "resolved", entry
    return "", None


def look(env, now):
    """Fault -> what was seen. One cause makes one fault."""
    found = {}
    if env["HEARTBEAT_PROMETHEUS"]:
        seen = silent(env["HEARTBEAT_PROMETHEUS"] + "/-/healthy")
        if seen:
            found["PrometheusSilent"] = seen
    seen = silent(env["HEARTBEAT_ALERTMANAGER"] + "/-/healthy")
    if seen:
        found["AlertmanagerSilent"] = seen
    if not found:
        seen = watchdog(env["HEARTBEAT_ALERTMANAGER"], now)
        if seen:
            found["WatchdogMissing"] = seen
    return found


def silent(url):
    """Why it does not answer, empty where it does."""
    try:
        with urllib.request.urlopen(url, timeout=ASK_S):
            return ""
    except (OSError, ValueError) as error:
        return str(error)


def watchdog(alertmanager, now):
    """Why the alert that always fires is not there, empty where it is."""
    url = alertmanager + "/api/v2/alerts?filter=alertname%3D%22Watchdog%22"
    try:
        with urllib.request.urlopen(url, timeout=ASK_S) as answer:
            updated = [one["updatedAt"] for one in json.load(answer)]
        newest = max((datetime.fromisoformat(at).timestamp() for at in updated), default=0)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return f"Alertmanager's answer makes no sense: {error}"
    if not newest:
        return "Alertmanager does not have it"
    old = now - newest
    return f"it came {old:.0f} s ago" if old > WATCHDOG_OLD_S else ""


def compose(env, name, status, since, now, seen):
    """One alert as Alertmanager's webhook would post it, so that one receiver takes both."""
    labels = {
        "alertname": name,
        "severity": "critical",
        "fleet": env["HEARTBEAT_FLEET"],
        "droplet": env["HEARTBEAT_DROPLET"],
        "region": env["HEARTBEAT_REGION"],
    }
    where = env["HEARTBEAT_DROPLET"]
    annotations = {
        "summary": f"{name} on {where}: alerts are not delivered",
        "description": f"The heartbeat on {where} says: {seen or 'it is well again'}",
        "runbook": f"On {where}: {RUNBOOKS[name]}.",
    }
    ended = status == "resolved"
    alert = {
        "status": status,
        "labels": labels,
        "annotations": annotations,
        "startsAt": stamp(since),
        "endsAt": stamp(now) if ended else "0001-01-01T00:00:00Z",
        "generatorURL": "",
        "fingerprint": hashlib.sha256(json.dumps(labels).encode()).hexdigest()[:16],
    }
    group = {"alertname": name, "droplet": where}
    return {
        "version": "4",
        "groupKey": f"heartbeat:{name}:{where}",
        "truncatedAlerts": 0,
        "status": status,
        "receiver": "webhook",
        "groupLabels": group,
        "commonLabels": labels,
        "commonAnnotations": annotations,
        "externalURL": "",
        "alerts": [alert],
    }


def stamp(seconds):
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def reach(path, body, complaint):
    """Whether the URL in this file took it. The URL is a secret: no error may show it."""
    try:
        url = Path(path).read_text().strip()
        header = {"Content-Type": "application/json"} if body else {}
        request = urllib.request.Request(url, body, header)
        with urllib.request.urlopen(request, timeout=POST_S):
            return True
    except (OSError, ValueError) as error:
        told = getattr(error, "code", "") or type(error).__name__
        # <3>: an error to the journal, which takes nothing below a notice from here.
        print(f"<3>{complaint} ({told})", file=sys.stderr)
        return False


def read(book):
    """What was told before; a file that makes no sense counts as none."""
    try:
        found = json.loads(book.read_text())
        return {name: found[name] for name in RUNBOOKS if name in found}
    except (OSError, ValueError, TypeError):
        return {}


def write(book, state):
    """Wholly the old one or wholly the new, whoever is killed."""
    beside = book.with_suffix(".new")
    with beside.open("w") as file:
        json.dump(state, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(book)


if __name__ == "__main__":
    sys.exit(main(os.environ, time.time()))
