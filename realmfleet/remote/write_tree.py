"""Write a role's whole tree: stage, check, move into place, prove; or leave all as it was."""

import contextlib
import fcntl
import glob
import grp
import json  # noqa: F401  used by the call that is appended when this is sent
import os
import pwd
import shutil
import subprocess
import sys
import tempfile

STAGE_ROOT = "/var/lib/realmfleet"
# Which unit reads which files, and what it has seen of them: templates/base/stamp.j2.
LISTS, SEEN = "/etc/realmfleet/units", "/run/realmfleet"


def main(payload):
    """`payload`: files, directories, check, prove (shell, may be empty), redact (never shown)."""
    os.umask(0o077)
    os.makedirs(STAGE_ROOT, exist_ok=True)
    os.chmod(STAGE_ROOT, 0o711)
    with one_at_a_time():
        make_directories(payload["directories"])
        stage = tempfile.mkdtemp(prefix="stage-", dir=STAGE_ROOT)
        try:
            # 0711: a service's own checker may run as its user, and must reach its own files.
            os.chmod(stage, 0o711)
            for file in payload["files"]:
                write(stage + file["path"], file, stage)
            run(payload["check"], stage, payload["redact"], "the check")
            replace(payload, stage)
        finally:
            shutil.rmtree(stage, ignore_errors=True)


@contextlib.contextmanager
def one_at_a_time():
    """Wait for a run that still is at work; what a killed one left in the stage goes."""
    root = os.open(STAGE_ROOT, os.O_RDONLY)
    try:
        fcntl.flock(root, fcntl.LOCK_EX)
        for left in glob.glob(STAGE_ROOT + "/stage-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(root)


def make_directories(directories):
    for directory in directories:
        path = directory["path"]
        os.makedirs(path, mode=0o755, exist_ok=True)
        own(path, directory)


def own(path, entry):
    os.chown(path, pwd.getpwnam(entry["owner"]).pw_uid, grp.getgrnam(entry["group"]).gr_gid)
    os.chmod(path, entry["mode"])


def make_parents(path, top):
    """Parents that are missing, open to all: what is secret is the file."""
    parent = os.path.dirname(path)
    if not os.path.isdir(parent):
        make_parents(parent, top)
        os.mkdir(parent)
        os.chmod(parent, 0o711 if path.startswith(top) else 0o755)


def write(path, file, top):
    """Content first, under 0600; then owner and mode; then to the disk."""
    make_parents(path, top)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as handle:
        handle.write(file["content"])
        handle.flush()
        own(path, file)
        os.fsync(handle.fileno())


def replace(payload, stage):
    """Move every file into place; if the proof then fails, put the former ones back."""
    former = {}
    for path in [file["path"] for file in payload["files"]] + payload["absent"]:
        remove(beside(path))  # left by a run that was killed
    try:
        for file in (f for f in payload["files"] if f["stale"]):
            former[file["path"]] = keep(file["path"], stage)
            install(file)
        for path in payload["absent"]:
            former[path] = keep(path, stage)
            remove(path)
        run(payload["prove"], stage, payload["redact"], "the proof")
    except BaseException:
        for path, kept in former.items():
            put_back(path, kept)
        raise
    owe_reloads(former)


def owe_reloads(paths):
    """Units that read one of these owe a reload, even where the text is one they knew.

    Somebody may have changed a file by hand and reloaded its unit: to put the file back
    is not enough, the unit still runs on the other one.
    """
    for unit in os.listdir(LISTS) if os.path.isdir(LISTS) else ():
        with open(os.path.join(LISTS, unit), encoding="utf-8") as lines:
            watched = [line.strip().partition(" ") for line in lines]
        if any(kind == "reload" and path in paths for kind, _, path in watched):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(SEEN, unit + ".reload"))


def install(file):
    path = file["path"]
    write(beside(path), file, "\0")
    os.rename(beside(path), path)
    directory = os.open(os.path.dirname(path), os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)


def beside(path):
    """Where a file's next content lies until it takes the file's place."""
    return "%s/.%s.realmfleet" % os.path.split(path)


def remove(path):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def keep(path, stage):
    if not os.path.exists(path):
        return None
    kept = tempfile.mktemp(prefix="former-", dir=stage)
    shutil.copy2(path, kept)
    status = os.stat(path)
    os.chown(kept, status.st_uid, status.st_gid)
    return kept


def put_back(path, kept):
    if kept is None:
        remove(path)
        return
    remove(beside(path))
    shutil.copy2(kept, beside(path))
    status = os.stat(kept)
    os.chown(beside(path), status.st_uid, status.st_gid)
    os.rename(beside(path), path)


def run(command, stage, redact, what):
    if not command:
        return
    done = subprocess.run(
        ["sh", "-euc", command],
        env={**os.environ, "STAGE": stage},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = done.stdout.strip()
        for secret in redact:
            said = said.replace(secret, "(secret)")
        last = "\n".join(said.splitlines()[-20:])
        sys.exit("%s refused the new configuration, nothing was changed:\n%s" % (what, last))
