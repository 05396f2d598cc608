"""What the operator's machine lacks for a rehearsal: Debian packages and a running Docker engine.

Standard library only: `make` runs this beside pip, before the virtual environment exists.
"""

import fcntl
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from realmfleet.rehearsal.errors import RehearsalError

# Command -> the package that brings it. The keyring lets Ubuntu trust Debian's archive too.
PACKAGES = {"dockerd": ("docker.io",), "mmdebstrap": ("mmdebstrap", "debian-archive-keyring")}

SOCKET = Path("/var/run/docker.sock")
DOCKERD_LOG = Path("/var/log/dockerd.log")
# Files by which a dead engine keeps a new one from starting, and the program that owns each.
PID_FILES = {
    Path("/var/run/docker.pid"): "dockerd",
    Path("/var/run/docker/containerd/containerd.pid"): "containerd",
}
# dockerd answers after 1 to 3 s on two cores; the first start on a slow disk takes longer.
ENGINE_START_S = 60
# An engine that is busy still answers a ping at once.
PING_S = 5
# How long to wait for somebody else's apt, for example a droplet's or laptop's own updates.
APT_LOCK_S = 300


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over the engine's socket. The engine refuses a path as the Host header's name."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=PING_S)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


def answers(path: Path = SOCKET) -> bool:
    """Whether an engine answers on the socket; a client without an engine is no answer."""
    connection = _UnixConnection(path)
    try:
        connection.request("GET", "/_ping")
        return connection.getresponse().status == 200
    except PermissionError:
        raise RehearsalError(
            f"You may not use the Docker engine ({path}). "
            "Run: sudo usermod -aG docker $USER, log in again, and repeat the command."
        ) from None
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def missing_packages(commands: Sequence[str]) -> tuple[str, ...]:
    """The packages of the commands that are not on this machine."""
    search = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
    absent = [command for command in commands if not shutil.which(command, path=search)]
    return tuple(package for command in absent for package in PACKAGES.get(command, (command,)))


def install(packages: Sequence[str]) -> None:
    """Install Debian packages; RehearsalError where that is not possible here."""
    wanted = " ".join(packages)
    if not shutil.which("apt-get"):
        raise RehearsalError(f"Please install {wanted}: this machine has no apt-get to do it with.")
    root = as_root(f"apt-get install {wanted}")
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    order = [*apt, "-o", f"DPkg::Lock::Timeout={APT_LOCK_S}"]
    order += ["install", "-y", "--no-install-recommends", *packages]
    with _alone():
        if _run(order).returncode == 0:
            return
        # Empty or old package lists, or an installation that was interrupted: mend, try again.
        _run([*root, "dpkg", "--configure", "-a"])
        _run([*apt, "update"])
        result = _run(order)
    if result.returncode:
        raise RehearsalError(f"apt-get could not install {wanted}: {_last_line(result.stderr)}")


def start_engine() -> None:
    """Install Docker where it is missing, start it, and wait until it answers."""
    packages = missing_packages(["dockerd"])
    if packages:
        install(packages)
    root = as_root("start the Docker engine")
    if Path("/run/systemd/system").is_dir():
        _run([*root, "systemctl", "start", "docker"])
    elif not answers():
        for path, program in PID_FILES.items():
            if stale(path, program):
                _run([*root, "rm", "-f", str(path)])
        command = f"setsid nohup dockerd >>{DOCKERD_LOG} 2>&1 </dev/null &"
        _run([*root, "sh", "-c", command])
    deadline = time.monotonic() + ENGINE_START_S
    while not answers():
        if time.monotonic() > deadline:
            raise RehearsalError(f"The Docker engine does not answer. {_why_not()}")
        time.sleep(0.2)


def as_root(purpose: str) -> list[str]:
    """What goes before a command that needs root: nothing, or sudo; RehearsalError if neither."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _run(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    raise RehearsalError(f"This needs root: {purpose}. Run it with sudo, then repeat the command.")


def stale(path: Path, program: str, proc: Path = Path("/proc")) -> bool:
    """Whether a pid file is left over: its process is gone, dead, or another program by now.

    A killed engine stays a zombie where PID 1 is no init, and a new one takes it for alive.
    """
    try:
        stat = (proc / str(int(path.read_text())) / "stat").read_text()
    except FileNotFoundError:
        return path.exists()
    except (OSError, ValueError):
        return True
    name, _, state = stat.partition("(")[2].rpartition(")")
    return not name.startswith(program) or state.split()[0] == "Z"


def prepare() -> None:
    """Everything at once, for `make`: packages first, then the engine."""
    packages = missing_packages([*PACKAGES])
    if packages and shutil.which("apt-get"):
        print(f"Installing {' '.join(packages)}", flush=True)
        install(packages)
    if "DOCKER_HOST" not in os.environ and not answers():
        print("Starting the Docker engine", flush=True)
        start_engine()


@contextmanager
def _alone() -> Iterator[None]:
    """One apt at a time among our own processes: apt waits for dpkg's lock, not for its lists'."""
    path = Path(tempfile.gettempdir()) / f"realmfleet-apt-{os.geteuid()}.lock"
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing."


def _why_not() -> str:
    if Path("/run/systemd/system").is_dir():
        return "See: journalctl -u docker"
    last = _last_line(DOCKERD_LOG.read_text()) if DOCKERD_LOG.exists() else "it wrote no log."
    return f"The end of {DOCKERD_LOG}: {last}"


if __name__ == "__main__":
    try:
        if sys.argv[1:]:
            install(sys.argv[1:])
        else:
            prepare()
    except RehearsalError as error:
        sys.exit(f"realmfleet: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
