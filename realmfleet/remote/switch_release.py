"""Try a release beside the running one, then switch to it; return to the former if that fails."""

import contextlib
import fcntl
import json  # noqa: F401  used by the call that is appended when this is sent
import os
import shutil
import subprocess
import sys

# Sent along with this program.
from watch_process import ask, journal, output, show, wait

STAMP = "/usr/local/lib/realmfleet/stamp"


def main(payload):
    """`payload`: root, release, processes, candidate, seconds, keep, leave, redact.

    A process is a unit and its gate. `leave`: units that have left the inventory,
    and the files that go with them.
    """
    os.chdir(payload["root"])
    with one_at_a_time():
        systemctl("stop", payload["candidate"]["unit"])
        systemctl("daemon-reload")
        leave(payload["leave"])
        if not as_asked(payload):
            if not known(payload):
                try_beside(payload)
            switch(payload)
        tidy(payload)


@contextlib.contextmanager
def one_at_a_time():
    """Wait for a run that still is at work."""
    handle = os.open(".", os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def leave(units):
    """Stop what is no longer in the inventory, for good."""
    for gone in units:
        systemctl("disable", "--now", gone["unit"])
        for path in gone["files"]:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)


def known(payload):
    """Whether this release has served with this very configuration."""
    switched = read("current") == read("verified") == payload["release"]
    return switched and not any(owes(process["unit"]) for process in payload["processes"])


def as_asked(payload):
    """Whether all is well already: another run may have done it since we were sent."""
    units = [process["unit"] for process in payload["processes"]]
    return known(payload) and all(show(unit)["ActiveState"] == "active" for unit in units)


def try_beside(payload):
    """The candidate runs with the very environment, beside what serves the players."""
    unit, gate = payload["candidate"]["unit"], payload["candidate"]["gate"]
    if said := nobody_there(gate):
        sys.exit("%s; nothing was changed" % said)
    point("candidate", payload["release"])
    systemctl("reset-failed", unit)
    systemctl("start", unit)
    trouble = wait(payload["candidate"], payload["seconds"])
    told = journal(unit, payload["redact"]) if trouble else ""
    systemctl("stop", unit)
    if trouble:
        said = "release %s, tried as a candidate, %s" % (payload["release"], trouble)
        sys.exit("%s; %s%s" % (said, stay(payload), told))


def stay(payload):
    """What has served keeps serving. A release whose switch was cut short has yet to prove itself:
    it does not stay in the place of one that did.
    """
    serving = read("current")
    if serving != read("verified"):
        return go_back(payload)
    forget(payload["release"])
    return "%s keeps running, untouched" % serving if serving else "nothing was started"


def switch(payload):
    """One rename, then one process after the other; back again where one does not come."""
    point("current", payload["release"])
    if not (failed := start_all(payload)):
        former = read("verified")
        if former and former != payload["release"]:
            point("previous", former)
        point("verified", payload["release"])
        return
    process, trouble = failed
    told = journal(process["unit"], payload["redact"])
    said = "release %s was switched to, but %s %s" % (payload["release"], process["unit"], trouble)
    sys.exit("%s; %s%s" % (said, go_back(payload), told))


def go_back(payload):
    """The former release, if there is one, and whether it serves again."""
    former = read("verified")
    if former == payload["release"]:
        return "it has served before, so its new configuration is at fault"
    if not former:
        for process in payload["processes"]:
            systemctl("disable", "--now", process["unit"])
        os.unlink("current")
        forget(payload["release"])
        return "there is no former one to go back to, so it was stopped"
    point("current", former)
    failed = start_all(payload)
    forget(payload["release"])
    if failed:
        return "%s was put back, but %s %s" % (former, failed[0]["unit"], failed[1])
    return "%s was put back and serves again" % former


def start_all(payload):
    """Start what does not run, restart what owes it; the first that fails, and how."""
    for process in payload["processes"]:
        unit = process["unit"]
        # Of an active one as well: a crash of long ago says nothing of this release.
        systemctl("reset-failed", unit)
        if show(unit)["ActiveState"] != "active" or owes(unit):
            systemctl("restart", unit)
        if trouble := wait(process, payload["seconds"]):
            return process, trouble
    return None


def nobody_there(gate):
    """Somebody else on the candidate's port would answer in its place."""
    if gate["path"] and not ask(gate | {"field": ""}).startswith("does not"):
        return "port %d is taken by another process" % gate["port"]
    return ""


def owes(unit):
    return "restart" in output([STAMP, "owed", unit])


def systemctl(*words):
    subprocess.run(["systemctl", "-q", *words], stderr=subprocess.DEVNULL, check=False)


def read(link):
    """The release that a link names, empty where there is none."""
    with contextlib.suppress(OSError):
        return os.path.basename(os.readlink(link))
    return ""


def point(link, release):
    """In one rename: at no moment is there no link."""
    beside = ".%s.new" % link
    with contextlib.suppress(FileNotFoundError):
        os.unlink(beside)
    os.symlink("releases/" + release, beside)
    os.rename(beside, link)
    handle = os.open(".", os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def forget(release):
    """Remove a release that did not come up, unless something stands on it."""
    if release not in (read("current"), read("verified"), read("previous")):
        shutil.rmtree("releases/" + release, ignore_errors=True)
    with contextlib.suppress(FileNotFoundError):
        os.unlink("candidate")


def tidy(payload):
    """Start it at boot too; keep what serves, what served before it, and the newest others."""
    for process in payload["processes"]:
        systemctl("enable", process["unit"])
    with contextlib.suppress(FileNotFoundError):
        os.unlink("candidate")
    kept = {read("current"), read("verified"), read("previous")} - {""}
    others = [entry.path for entry in os.scandir("releases") if entry.name not in kept]
    others.sort(key=lambda path: os.stat(path).st_mtime, reverse=True)
    for path in others[max(0, payload["keep"] - len(kept)) :]:
        shutil.rmtree(path, ignore_errors=True)
