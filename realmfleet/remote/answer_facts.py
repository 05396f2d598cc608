"""Run a fact's questions, several at a time, each as it would be run by itself."""

import json
import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor

# They mostly wait for a service; more at once would only make each of them wait longer.
AT_ONCE = 6


def main(payload):
    """`payload`: commands, shell, seconds. Prints the number and text of each that succeeded."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        said = list(pool.map(lambda c: ask(c, payload), payload["commands"]))
    print(json.dumps([[number, text] for number, text in enumerate(said) if text is not None]))


def ask(command, payload):
    child = subprocess.Popen(
        [payload["shell"], "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
        errors="replace",
    )
    try:
        text = child.communicate(timeout=payload["seconds"])[0]
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        return None
    return None if child.returncode else text
