"""Load new firewall rules on trial: a timer puts the former ones back unless it is stopped."""

import json  # noqa: F401  used by the call that is appended when this is sent
import os
import subprocess
import sys

ROLLBACK_UNIT = "realmfleet-firewall-rollback"


def main(payload):
    """`payload`: path, content, rollback (program), seconds until it runs."""
    candidate = payload["path"] + ".candidate"
    os.makedirs(os.path.dirname(candidate), mode=0o755, exist_ok=True)
    descriptor = os.open(candidate, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(payload["content"])
    command(["nft", "-c", "-f", candidate], "nft refused the new rules, nothing was changed")
    arm(payload["rollback"], payload["seconds"])
    command(["nft", "-f", candidate], "nft could not load the new rules")


def arm(rollback, seconds):
    for unit in (ROLLBACK_UNIT + ".timer", ROLLBACK_UNIT + ".service"):
        subprocess.run(["systemctl", "stop", unit], stderr=subprocess.DEVNULL, check=False)
        subprocess.run(["systemctl", "reset-failed", unit], stderr=subprocess.DEVNULL, check=False)
    timer = ["systemd-run", "-q", "--unit", ROLLBACK_UNIT, "--on-active=%ds" % seconds]
    accuracy = ["--timer-property=AccuracySec=1s"]
    command([*timer, *accuracy, rollback], "the way back could not be prepared")


def command(arguments, failure):
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit("%s:\n%s" % (failure, done.stderr.strip()))
