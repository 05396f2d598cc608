"""A stand-in for the game's API: what docs/game.md asks of it, in memory, and faults on demand."""

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ZONE_KEY = "zone-key-of-a-test"
TICKET_KEY = "ticket-key-of-a-test"
TICKET_S = 60


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def ticket(claims: dict[str, Any]) -> str:
    """A JSON Web Token as the API gives it to a player."""
    header = _part(b'{"alg": "HS256", "typ": "JWT"}')
    message = f"{header}.{_part(json.dumps(claims).encode())}"
    signature = hmac.new(TICKET_KEY.encode(), message.encode(), hashlib.sha256).digest()
    return f"{message}.{_part(signature)}"


class StandIn:
    """Serves plain on one port and over TLS on another; goes away and comes back as it was."""

    def __init__(self, address: str, certificate: Path) -> None:
        self.address = address
        self.certificate = certificate
        # Plain, TLS; 0 until the first start has found free ones.
        self.ports = [0, 0]
        self.saves: dict[tuple[str, int], dict[str, Any]] = {}
        self.zones: dict[str, dict[str, Any]] = {}
        self.names: dict[str, str] = {}
        # So many of the next requests of players are told to come later.
        self.too_many = 0
        # How a save is answered instead of with 200, while not 0.
        self.saves_answer = 0
        # What every ticket has instead of what is right.
        self.wrong_claims: dict[str, Any] = {}
        # Also list zones that take nobody.
        self.lists_all = False
        self._servers: list[_Server] = []

    def start(self) -> None:
        """Serve, on the same ports as before."""
        handler = type("Handler", (_Handler,), {"api": self})
        self._servers = [_Server((self.address, port), handler) for port in self.ports]
        self.ports = [server.server_port for server in self._servers]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        secure = self._servers[1]
        # The handshake is then made by the connection's own thread, not by the one that accepts.
        secure.socket = context.wrap_socket(
            secure.socket, server_side=True, do_handshake_on_connect=False
        )
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Refuse connections, and cut those that are open."""
        for server in self._servers:
            server.shutdown()
            server.server_close()
            server.cut()
        self._servers = []

    def newest(self, character: str) -> dict[str, Any]:
        """A character's save with the greatest seq."""
        own = [save for (who, _), save in self.saves.items() if who == character]
        return max(own, key=lambda save: save["seq"], default={})

    def answer(self, method: str, path: str, body: dict[str, Any], bearer: str) -> tuple[int, Any]:
        """One request: status and JSON."""
        if path == "/ready":
            return 200, {}
        if path.startswith("/internal/"):
            return self._internal(path, body) if bearer == ZONE_KEY else (401, {})
        if self.too_many > 0:
            self.too_many -= 1
            return 429, {}
        if path in ("/v1/register", "/v1/login"):
            return self._enter(path, body["name"])
        return self._player(method, path.split("?")[0], body, bearer)

    def _internal(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        if path.startswith("/internal/zones/"):
            self.zones[path.rsplit("/", 1)[1]] = body
            return 200, {}
        if self.saves_answer:
            return self.saves_answer, {}
        self.saves.setdefault((body["character"], body["seq"]), body)
        return 200, {}

    def _enter(self, path: str, name: str) -> tuple[int, Any]:
        if path == "/v1/register":
            taken = name in self.names
            self.names.setdefault(name, "")
            return (409, {}) if taken else (201, {})
        return 200, {"token": name, "expires_in": 3600}

    def _player(self, method: str, path: str, body: dict[str, Any], who: str) -> tuple[int, Any]:
        if path == "/v1/characters" and method == "POST":
            self.names[who] = body["name"]
            return 201, {"id": f"id-of-{who}", "name": body["name"]}
        if path == "/v1/characters":
            own = self.names.get(who)
            return 200, [{"id": f"id-of-{who}", "name": own}] if own else []
        if path == "/v1/zones":
            open_ones = [z for z in self.zones.values() if z["ready"] and not z["draining"]]
            return 200, list(self.zones.values()) if self.lists_all else open_ones
        if path == "/v1/tickets":
            return 200, {"ticket": self.ticket(body["character"], body["instance"])}
        if path == "/v1/leaderboard":
            best = sorted(self.saves.values(), key=lambda save: -save["score"])[:10]
            return 200, [{"character": s["character"], "score": s["score"]} for s in best]
        return 404, {}

    def ticket(self, character: str, instance: str) -> str:
        """A ticket that goes on at the character's last save."""
        last = self.newest(character)
        claims = {key: last[key] for key in ("x", "y", "score", "seq") if key in last}
        own = {"character": character, "name": character, "instance": instance}
        exp = {"exp": int(time.time() + TICKET_S)}
        return ticket({**claims, **own, **exp, **self.wrong_claims})


class _Server(ThreadingHTTPServer):
    """Remembers its connections, to cut them as a dying API does."""

    daemon_threads = True

    def __init__(self, *args: Any) -> None:
        self._open: set[Any] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A cut connection or a refused certificate is what tests do: no traceback."""

    def cut(self) -> None:
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api: StandIn

    def _serve(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        body = json.loads(raw) if raw else {}
        code, answer = self.api.answer(self.command, self.path, body, bearer)
        text = json.dumps(answer).encode()
        self.send_response(code)
        if code == 429:
            self.send_header("Retry-After", "1")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = _serve  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Nothing: pytest shows what matters."""
