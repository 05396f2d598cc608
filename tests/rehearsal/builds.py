"""Builds of a studio, small enough to read, and how a deploy is told to roll one out."""

import hashlib
import json
from pathlib import Path

GAME = "deploys/game.py"
# A stand-in for the API: ready at once, and its release and knobs can be read from outside.
GOOD = """#!/usr/bin/python3
import http.server, json, os
host, port = os.environ["LISTEN"].rsplit(":", 1)
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"version": os.environ["RELEASE"]}).encode())
    do_PUT = do_GET
http.server.ThreadingHTTPServer((host, int(port)), Answer).serve_forever()
"""
# The same for a zone; it takes a second to think, and leaves when it is asked to.
ZONE = """#!/usr/bin/python3
import http.server, os, time
time.sleep(1)
host, port = os.environ["STATUS_LISTEN"].rsplit(":", 1)
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"ready": true}')
    def do_POST(self):
        self.send_response(200)
        self.end_headers()
        os._exit(0)
http.server.ThreadingHTTPServer((host, int(port)), Answer).serve_forever()
"""


def wish(path: Path, text: str, service: str = "api", sha256: str = "") -> tuple[str, str]:
    """Write a build whose version is the file's name; pyinfra's options that ask for it."""
    path.write_text(text)
    digest = sha256 or hashlib.sha256(text.encode()).hexdigest()
    entry = {"path": str(path), "version": path.name, "sha256": digest}
    return ("--data", f"{service}_artifact={json.dumps(entry)}")
