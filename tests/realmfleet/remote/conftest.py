"""Programs for a droplet, run here: as text on standard input, below a folder of the test."""

import grp
import json
import os
import pwd
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from realmfleet.remote import script

SECRET = "a-real-password"
ME = {
    "owner": pwd.getpwuid(os.geteuid()).pw_name,
    "group": grp.getgrgid(os.getegid()).gr_name,
}
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def program(tmp_path: Path) -> Run:
    """Runs a program with a payload; `lines` are put before its call, to set its constants.

    `carried`: the modules that it imports.
    """

    def program(
        name: str, payload: object, lines: str = "", carried: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        text, call = script(name, payload, *carried).rsplit("\n\nmain(", 1)
        return subprocess.run(
            [sys.executable, "-I", "-"],
            input=f"{text}\n\n{lines}\nmain({call}",
            env={**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return program


@pytest.fixture
def fakes(tmp_path: Path) -> Callable[..., Callable[[], list[str]]]:
    """Puts commands into the programs' way that only write down how they were called."""

    def fakes(*names: str, **bodies: str) -> Callable[[], list[str]]:
        folder, calls = tmp_path / "bin", tmp_path / "calls"
        folder.mkdir()
        for name in (*names, *(n.replace("_", "-") for n in bodies)):
            body = bodies.get(name.replace("-", "_"), "")
            path = folder / name
            path.write_text(f'#!/bin/sh\necho {name} "$@" >> {json.dumps(str(calls))}\n{body}\n')
            path.chmod(0o755)
        return lambda: calls.read_text().splitlines() if calls.exists() else []

    return fakes


class Tree:
    """A small tree under a folder: a plain file, a secret one, a new one, and one to remove."""

    def __init__(self, root, program):
        self.root, self.stage, self._program = root, root / "stage", program
        self.plain, self.secret = root / "etc/plain.conf", root / "etc/secret.env"
        self.fresh, self.old = root / "etc/deep/er/fresh.conf", root / "etc/old.conf"

    def file(self, path, content, mode=0o644, stale=True):
        return {"path": str(path), "content": content, "mode": mode, "stale": stale, **ME}

    def payload(self, **more):
        files = [
            self.file(self.plain, "new\n"),
            self.file(self.secret, SECRET, 0o600),
            self.file(self.fresh, SECRET, 0o600),
        ]
        empty = {"directories": [], "absent": [str(self.old)], "check": "", "prove": ""}
        return {"files": files, "redact": [SECRET], **empty, **more}

    def write(self, lines="", **more):
        stage = f"STAGE_ROOT = {str(self.stage)!r}\n"
        return self._program("write_tree", self.payload(**more), stage + lines)

    def former(self):
        """What lies there before: two files to change, one to remove, none of the new one's."""
        self.plain.parent.mkdir(exist_ok=True)
        self.fresh.unlink(missing_ok=True)
        for path, text, mode in (
            (self.plain, "former\n", 0o640),
            (self.secret, f"former {SECRET}", 0o600),
            (self.old, "old\n", 0o644),
        ):
            path.write_text(text)
            path.chmod(mode)

    def seen(self):
        """name -> (content, mode) of every file of ours, temporary ones too."""
        found = (path for path in self.root.glob("etc/**/*") if path.is_file())
        return {p.name: (p.read_text(), p.stat().st_mode & 0o7777) for p in found}


BEFORE = {
    "plain.conf": ("former\n", 0o640),
    "secret.env": (f"former {SECRET}", 0o600),
    "old.conf": ("old\n", 0o644),
}
AFTER = {
    "plain.conf": ("new\n", 0o644),
    "secret.env": (SECRET, 0o600),
    "fresh.conf": (SECRET, 0o600),
}


@pytest.fixture
def tree(tmp_path, program):
    return Tree(tmp_path, program)
