"""Unpack an uploaded artifact into its release's folder: whole, or not at all."""

import contextlib
import fcntl
import glob
import hashlib
import json  # noqa: F401  used by the call that is appended when this is sent
import os
import shutil
import sys
import tarfile

# What the unit runs, whatever the artifact is; and what tells the process its version.
START, ENVIRONMENT, MANIFEST = "start", "release.env", "manifest"


def main(payload):
    """`payload`: root, release, version, upload, name, sha256, kind, command, engine."""
    os.umask(0o022)
    with one_at_a_time(payload["root"]):
        try:
            if digest(payload["upload"]) != payload["sha256"]:
                sys.exit("the upload is not what was sent, nothing was unpacked: run this again")
            install(payload)
        finally:
            for left in glob.glob(os.path.dirname(payload["upload"]) + "/*"):
                os.unlink(left)


@contextlib.contextmanager
def one_at_a_time(root):
    """Wait for a run that still is at work; what a killed one left half unpacked goes."""
    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for left in glob.glob(root + "/releases/.*-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(handle)


def install(payload):
    """Fill a folder beside the others, bring it to the disk, then give it its name."""
    releases = payload["root"] + "/releases"
    folder, target = (os.path.join(releases, dot + payload["release"]) for dot in (".new-", ""))
    os.makedirs(folder + "/files")
    unpack(payload, folder + "/files")
    write(folder, ENVIRONMENT, "RELEASE=%s\n" % payload["version"], 0o644)
    link_start(payload, folder)
    write(folder, MANIFEST, manifest(folder), 0o644)
    settle(folder)
    if os.path.exists(target):
        # One that was damaged by hand: processes that run from it keep their files.
        os.rename(target, os.path.join(releases, ".old-" + payload["release"]))
    os.rename(folder, target)
    sync(releases)
    shutil.rmtree(os.path.join(releases, ".old-" + payload["release"]), ignore_errors=True)


def unpack(payload, files):
    if payload["kind"] != "archive":
        name = os.path.join(files, payload["name"])
        shutil.copyfile(payload["upload"], name)
        os.chmod(name, 0o644 if payload["kind"] == "pck" else 0o755)
        return
    with tarfile.open(payload["upload"], "r:gz") as archive:
        # Refuses members that leave the folder, and devices.
        archive.extractall(files, filter="data")


def link_start(payload, folder):
    """The unit runs `start`, so it need not change with the kind of artifact."""
    if payload["kind"] == "pck":
        pack = "%s/releases/%s/files/%s" % (payload["root"], payload["release"], payload["name"])
        text = "#!/bin/sh\nexec %s --main-pack '%s' \"$@\"\n" % (payload["engine"], pack)
        write(folder, START, text, 0o755)
    else:
        os.symlink("files/" + (payload["command"] or payload["name"]), folder + "/" + START)


def manifest(folder):
    """Every file's checksum, as sha256sum reads it."""
    lines = []
    for path in sorted(found(folder)):
        if os.path.isfile(path) and not os.path.islink(path):
            lines.append("%s  %s\n" % (digest(path), os.path.relpath(path, folder)))
    return "".join(lines)


def found(folder):
    for parent, folders, files in os.walk(folder):
        for name in folders + files:
            yield os.path.join(parent, name)


def settle(folder):
    """Readable by the service's user, writable by nobody but root, and on the disk."""
    for path in [*found(folder), folder]:
        if not os.path.islink(path):
            mode = os.stat(path).st_mode
            open_to_all = os.path.isdir(path) or mode & 0o100
            os.chmod(path, 0o755 if open_to_all else 0o644)
            sync(path)


def sync(path):
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def write(folder, name, text, mode):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(os.path.join(folder, name), mode)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
