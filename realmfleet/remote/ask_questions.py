"""Answer questions about the droplet, several at a time; no answer carries a secret."""

import json
import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor

# They mostly wait for a service; more at once would only make each of them wait longer.
AT_ONCE = 6


def main(payload):
    """`payload`: questions (shell and environment of each), redact (never shown), seconds."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        said = list(pool.map(lambda q: ask(q, payload["seconds"]), payload["questions"]))
    print(json.dumps([clean(text, payload["redact"]) for text in said]))


def ask(question, seconds):
    child = subprocess.Popen(
        ["sh", "-c", question["shell"]],
        env={**os.environ, "LC_ALL": "C.UTF-8", **question["environment"]},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
        errors="replace",
    )
    try:
        return child.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        return child.communicate()[0] + "\nno answer within %d s" % seconds


def clean(text, redact):
    for secret in redact:
        text = text.replace(secret, "(secret)")
    return text
