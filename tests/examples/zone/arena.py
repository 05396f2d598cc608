"""A zone server on a droplet, and bots sent to it."""

import io
import json
import tarfile
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from docker.models.containers import Container

from realmfleet.rehearsal import droplets
from realmfleet.rehearsal.droplets import Outcome

UNIT = "forest-1"
PORT = 7000
STATE = "/var/tmp/zone"
NAME = "api.test"
# Generous: the machine may be busy with other things.
PATIENCE_S = 30


def certificate(folder: Path, file: str = "api.pem") -> Path:
    """A key with its own certificate for `api.test`, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    raw = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / file
    path.write_bytes(raw + made.public_bytes(serialization.Encoding.PEM))
    return path


def wait_for(what: Callable[[], object], why: str) -> None:
    """Until it is true; fails with `why` when it never is."""
    ends = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < ends, f"not within {PATIENCE_S} s: {why}"
        time.sleep(0.1)


class Bots:
    """Bots that play in the background."""

    def __init__(self, play: Callable[[], Outcome]) -> None:
        self._outcome: Outcome | None = None
        self._thread = threading.Thread(target=self._run, args=(play,), daemon=True)
        self._thread.start()

    def _run(self, play: Callable[[], Outcome]) -> None:
        self._outcome = play()

    def end(self) -> tuple[int, dict, str]:
        """Exit code, summary, and what they complained about."""
        self._thread.join(timeout=150)
        assert self._outcome, "the bots never ended"
        lines = self._outcome.stdout.strip().splitlines()
        assert lines and lines[-1].startswith("{"), self._outcome
        return self._outcome.code, json.loads(lines[-1]), self._outcome.stderr


class Arena:
    """Starts, asks, kills one zone server; its state directory stays."""

    port = PORT
    wait_for = staticmethod(wait_for)

    def __init__(self, container: Container, api: object, folder: Path) -> None:
        self.container = container
        self.api = api
        self.folder = folder
        self.sh(f"rm -rf {STATE}; mkdir -p {STATE}")

    @property
    def address(self) -> IPv4Address:
        """The droplet's."""
        return droplets.address(self.container)

    def sh(self, command: str) -> Outcome:
        """A shell command as root on the droplet."""
        return droplets.execute(self.container, ["sh", "-c", command])

    def environment(self, **other: str) -> dict[str, str]:
        """A zone's, as docs/game.md has it."""
        return {
            "ZONE": "forest",
            "INSTANCE": UNIT,
            "PORT": str(PORT),
            # On all addresses, for the tests ask from outside.
            "STATUS_LISTEN": f"0.0.0.0:{PORT}",
            "PUBLIC_ADDRESS": "127.0.0.1",
            "API_URL": f"http://{self.api.address}:{self.api.ports[0]}",
            "ZONE_KEY": "zone-key-of-a-test",
            "TICKET_KEY": "ticket-key-of-a-test",
            "MAX_PLAYERS": "100",
            "REGION": "singapore",
            "RELEASE": "1.0.0",
            "STATE_DIRECTORY": STATE,
            "HOME": STATE,
            **other,
        }

    def once(self, **other: str) -> Outcome:
        """A zone that is expected to give up by itself."""
        words = " ".join(f"{k}={v}" for k, v in self.environment(**other).items() if v)
        return self.sh(f"env {words} timeout 10 godot3-server --path /srv/game/zone")

    def start(self, **other: str) -> None:
        """As a transient unit; returns when it says that it is ready."""
        words = " ".join(f"-E {k}={v}" for k, v in self.environment(**other).items())
        engine = "/usr/bin/godot3-server --path /srv/game/zone"
        begun = self.sh(
            f"systemd-run --quiet --unit {UNIT} -p RemainAfterExit=yes {words} {engine}"
        )
        assert begun.code == 0, begun.stderr
        wait_for(lambda: self.status().get("ready"), "the zone is ready")

    def kill(self) -> None:
        """As kill -9 does."""
        self.sh(f"systemctl kill -s KILL {UNIT}; systemctl stop {UNIT}")
        self.sh(f"systemctl reset-failed {UNIT}")

    def exit_code(self) -> str:
        """Of a zone that has ended; empty while it runs."""
        lines = self.sh(f"systemctl show -p SubState -p ExecMainStatus {UNIT}").stdout.split()
        shown = dict(line.split("=") for line in lines)
        return "" if shown["SubState"] == "running" else shown["ExecMainStatus"]

    def ask(self, method: str, path: str) -> str:
        """The status contract."""
        url = f"http://{self.address}:{PORT}{path}"
        request = urllib.request.Request(url, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read().decode()

    def status(self) -> dict:
        """What GET /status says; nothing while nobody listens."""
        try:
            return json.loads(self.ask("GET", "/status"))
        except OSError:
            return {}

    def metric(self, name: str) -> float:
        """A number of GET /metrics."""
        lines = self.ask("GET", "/metrics").splitlines()
        (line,) = [line for line in lines if line.startswith(f"{name}{{")]
        return float(line.split()[-1])

    def kept(self) -> list[dict]:
        """Saves on disk."""
        return json.loads(self.sh(f"cat {STATE}/saves.json").stdout or "[]")

    def bots(self, bots: int, seconds: int, ca: Path | None = None, **other: str) -> Bots:
        """Send bots, who trust the API's certificate, or the one of `ca`."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            tar.add(ca or self.api.certificate, "ca.pem")
        self.container.put_archive("/srv", packed.getvalue())
        wanted = {
            "API_URL": f"https://{NAME}:{self.api.ports[1]}",
            "API_ADDRESS": self.api.address,
            "API_CA": "/srv/ca.pem",
            "BOTS": str(bots),
            "SECONDS": str(seconds),
            "PREFIX": "test",
            "SAVE_EVERY_S": "2",
            "HOME": "/var/tmp",
            **other,
        }
        words = " ".join(f"{k}={v}" for k, v in wanted.items())
        command = f"env {words} timeout 120 godot3-server --path /srv/game/bots"
        return Bots(lambda: self.sh(command))
