"""Install packages in one apt transaction, after whatever another run or a crash has left."""

import contextlib
import fcntl
import glob
import json  # noqa: F401  used by the call that is appended when this is sent
import os
import subprocess
import sys
import time

LOG = "/var/log/realmfleet-apt.log"
LISTS = "/var/lib/apt/lists"
LISTS_MAX_AGE_S = 24 * 3600
LOCK_WAIT_S = 900
DPKG_LOCKS = ("/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock")


def main(payload):
    """`payload`: packages to install, hold (those that nobody but us upgrades)."""
    with open(LOG, "a", encoding="utf-8") as log:
        # A run that was killed may have left apt at work here: it finishes first.
        fcntl.flock(log, fcntl.LOCK_EX)
        wait_for_dpkg()
        apply(log, ["dpkg", "--configure", "-a", "--force-confold"])
        install(log, payload["packages"])
        for package in payload["hold"]:
            apply(log, ["apt-mark", "hold", package])


def wait_for_dpkg():
    deadline = time.monotonic() + LOCK_WAIT_S
    for path in DPKG_LOCKS:
        while not is_free(path):
            if time.monotonic() > deadline:
                sys.exit("another package installation has held %s for 15 minutes" % path)
            time.sleep(1)


def is_free(path):
    with open(path, "a", encoding="utf-8") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def install(log, packages):
    """With the package lists at hand if they are fresh; refreshed once if they turn out old."""
    if not lists_are_fresh():
        update(log)
    elif attempt(log, packages) == 0:
        return
    else:
        update(log)
    apply(log, apt_install(packages))


def lists_are_fresh():
    newest = max(map(os.path.getmtime, glob.glob(LISTS + "/*Packages*")), default=0)
    return time.time() - newest < LISTS_MAX_AGE_S


def update(log):
    apply(log, ["apt-get", "-q", "update", "--error-on=any"])


def apt_install(packages):
    return [
        "apt-get", "-q", "-y", "--no-install-recommends", "--allow-change-held-packages",
        "-o", "DPkg::Lock::Timeout=%d" % LOCK_WAIT_S,
        "-o", "Dpkg::Options::=--force-confold",
        "-o", "Acquire::Retries=3",
        "install", *packages,
    ]  # fmt: skip


def attempt(log, packages):
    return call(log, apt_install(packages))


def call(log, command):
    """Its output goes to a file: it must survive the SSH session that started it."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "REALMFLEET_INSTALL": "1"}
    return subprocess.run(
        command,
        env={**os.environ, **quiet},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        check=False,
    ).returncode


def apply(log, command):
    started = log.tell()
    if call(log, command):
        with contextlib.suppress(OSError), open(LOG, encoding="utf-8", errors="replace") as said:
            said.seek(started)
            print("".join(said.readlines()[-20:]), file=sys.stderr)
        sys.exit("%s failed; all of its output is in %s" % (" ".join(command[:2]), LOG))
