"""A checkout of its own for each test, plain pyinfra in it, and a port that must stay silent."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import realmfleet

ROOT = Path(realmfleet.__file__).parents[1]
PYINFRA = str(Path(sys.executable).parent / "pyinfra")
DEPLOY = "deploys/probe.py"


class Answer(NamedTuple):
    """Exit code, standard output, and the lines in which the guard refused."""

    code: int
    out: str
    err: str

    @property
    def lines(self):
        return [line[4:] for line in self.err.splitlines() if line.startswith("    ")]


@pytest.fixture
def checkout(tmp_path):
    """Inventories to spoil, the real config.py, and a deploy of one operation."""
    root = tmp_path / "checkout"
    ignored = shutil.ignore_patterns("secrets")
    shutil.copytree(ROOT / "inventories", root / "inventories", ignore=ignored)
    shutil.copy(ROOT / "config.py", root)
    (root / DEPLOY).parent.mkdir()
    (root / DEPLOY).write_text(
        "from pyinfra.operations import server\n"
        "server.shell(name='Say hello', commands=['echo hello'])\n"
    )
    return root


@pytest.fixture
def pyinfra(checkout, tmp_path):
    """Plain pyinfra, started as an operator would; every answer is free of tracebacks."""
    home = tmp_path / "home"
    environment = {
        **os.environ,
        "REALMFLEET_IDENTITY": str(home / "identity.txt"),
        "PYINFRA_FAKE_DELAY": "0",
        "PYINFRA_FAKE_DELAY_JITTER": "0",
    }
    environment.pop("PYINFRA_YES", None)

    def run(*words, cwd=checkout, **more):
        done = subprocess.run(
            [PYINFRA, *words],
            cwd=cwd,
            env={**environment, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr
        assert not (checkout / "pyinfra-debug.log").exists()
        return Answer(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def silent():
    """A port on this machine for ssh_hostname and ssh_port; nobody may knock at it."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.05)
        yield server.getsockname()[1]
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.fixture
def knocked(checkout, silent):
    """alpha.py of this checkout, so that SSH would reach the silent port."""
    path = checkout / "inventories" / "alpha.py"
    text = path.read_text()
    real = f'"127.0.0.1", "ssh_port": {silent}, "public_ip": "198.18.0.1"'
    path.write_text(text.replace('"203.0.113.11"', real))
    return path
