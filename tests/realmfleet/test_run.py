import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from realmfleet import run


def test_the_command_is_plain_pyinfra() -> None:
    order = run.command("beta", "deploys/all.py", ["-y", "--limit", "db-1"], ["--group-data", "x"])
    assert " ".join(order) == (
        "pyinfra -y --limit db-1 --group-data x inventories/beta.py deploys/all.py"
    )


def test_the_shown_command_is_one_to_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(sys.executable).parents[2]
    monkeypatch.setenv("PATH", "/nonexistent")
    assert run.shown(["pyinfra", "a b"], root).endswith("bin/pyinfra 'a b'")
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert run.shown(["pyinfra", "a b"], root) == "pyinfra 'a b'"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that takes pyinfra's place."""
    path = tmp_path / "pyinfra"
    monkeypatch.setattr(run, "pyinfra", lambda: str(path))
    return path


def _write(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_the_exit_code_is_passed_on(script: Path, tmp_path: Path) -> None:
    _write(script, 'test "$1" = "-y" && exit 7')
    assert run.run(["pyinfra", "-y"], tmp_path) == 7


@pytest.mark.parametrize("stubborn", [False, True])
def test_control_c_ends_pyinfra_too(script: Path, tmp_path: Path, stubborn: bool) -> None:
    trap = "trap '' INT" if stubborn else "trap 'exit 1' INT"
    _write(script, f"{trap}; echo $$ > pid; while :; do sleep 0.1; done")

    # A shell that starts tests in the background makes them ignore interrupts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def interrupt() -> None:
        while not (tmp_path / "pid").exists():
            time.sleep(0.05)
        # To the process, not to this thread: only the main thread can be waiting.
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Thread(target=interrupt)
    timer.start()
    assert run.run(["pyinfra"], tmp_path) == run.INTERRUPTED
    timer.join()
    signal.signal(signal.SIGINT, before)
    pid = (tmp_path / "pid").read_text().strip()
    assert subprocess.run(["kill", "-0", pid], stderr=subprocess.DEVNULL, check=False).returncode
