"""Plain pyinfra as a subprocess: its command line, its exit code, and Ctrl-C."""

import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

INTERRUPTED = 130
# On the first interrupt pyinfra still waits for the droplets, on the second it ends at once;
# what it started there runs on, and the next run waits for it.
GRACE_S = 2


def pyinfra() -> str:
    """The pyinfra of our own environment, whatever PATH says."""
    return str(Path(sys.executable).parent / "pyinfra")


def command(
    fleet: str, deploy: str, options: Sequence[str] = (), overlay: Sequence[str] = ()
) -> list[str]:
    """One run of pyinfra, as somebody would type it in the checkout."""
    return ["pyinfra", *options, *overlay, f"inventories/{fleet}.py", deploy]


def shown(order: Sequence[str], root: Path) -> str:
    """The command for the reader to copy: with a path where a bare `pyinfra` is another one."""
    ours, found = pyinfra(), shutil.which("pyinfra")
    if found is None or Path(found).resolve() != Path(ours).resolve():
        path = Path(ours)
        name = path.relative_to(root) if path.is_relative_to(root) else path
        return shlex.join([str(name), *order[1:]])
    return shlex.join(order)


def run(order: Sequence[str], root: Path) -> int:
    """Run it with our own terminal and return its exit code; INTERRUPTED after Ctrl-C."""
    child = subprocess.Popen([pyinfra(), *order[1:]], cwd=root)
    try:
        return child.wait()
    except KeyboardInterrupt:
        _stop(child)
        return INTERRUPTED


def _stop(child: "subprocess.Popen[bytes]") -> None:
    """A terminal has told pyinfra as well; a bare `kill` has told only us."""
    for word in (signal.SIGINT, signal.SIGINT, signal.SIGKILL):
        child.send_signal(word)
        try:
            child.wait(GRACE_S)
            return
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            continue
    child.wait()
