"""Programs for a droplet, run here: as text on standard input, below a folder of the test."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from realmfleet.remote import script

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def program(tmp_path: Path) -> Run:
    """Runs a program with a payload; `lines` are put before its call, to set its constants."""

    def program(name: str, payload: object, lines: str = "") -> subprocess.CompletedProcess[str]:
        text, call = script(name, payload).rsplit("\n\nmain(", 1)
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
