"""Give operators an account and their keys; take both from those who have left."""

import contextlib
import json  # noqa: F401  used by the call that is appended when this is sent
import os
import pwd
import subprocess


def main(payload):
    """`payload`: group, keys_directory, operators (name -> public keys), leaving (names)."""
    group, directory = payload["group"], payload["keys_directory"]
    subprocess.run(["groupadd", "-f", group], check=True)
    os.makedirs(directory, mode=0o755, exist_ok=True)
    for name, keys in payload["operators"].items():
        make_account(name)
        subprocess.run(["usermod", "-a", "-G", group, "-e", "", name], check=True)
        write_keys(os.path.join(directory, name), keys)
    for name in payload["leaving"]:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(directory, name))
        subprocess.run(["usermod", "-e", "1", "-L", name], check=True)
        subprocess.run(["gpasswd", "-d", name, group], check=True)


def make_account(name):
    try:
        pwd.getpwnam(name)
    except KeyError:
        subprocess.run(["useradd", "-m", "-s", "/bin/bash", name], check=True)


def write_keys(path, keys):
    with open(path + ".new", "w", encoding="utf-8") as handle:
        handle.write("".join(key + "\n" for key in keys))
        handle.flush()
        os.fsync(handle.fileno())
    os.chmod(path + ".new", 0o644)
    os.rename(path + ".new", path)
