"""Runs on a rehearsed droplet: takes every POST and writes it down, a line of JSON each."""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Receiver(BaseHTTPRequestHandler):
    """Answers 200 to everything, once it is written down."""

    def do_POST(self) -> None:
        """An alert."""
        length = int(self.headers.get("Content-Length", 0))
        self._keep(json.loads(self.rfile.read(length)))

    def do_GET(self) -> None:
        """A ping of the heartbeat."""
        self._keep(None)

    def _keep(self, body: object) -> None:
        entry = {"at": time.time(), "path": self.path, "body": body}
        with Path(sys.argv[2]).open("a") as file:
            file.write(json.dumps(entry) + "\n")
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_told: object) -> None:
        """Silent: what was received is in the file."""


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
