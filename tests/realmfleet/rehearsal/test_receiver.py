"""The rehearsal's webhook: only where alerts are sent from, and it writes down what it gets."""

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from realmfleet.inventory import read_fleet
from realmfleet.rehearsal import receiver
from realmfleet.secrets.rehearsed import WEBHOOK_URL

PROGRAM = Path(receiver.__file__).with_name("receiver_program.py")


def test_only_a_droplet_that_sends_alerts_has_it():
    fleet = read_fleet("beta")
    having = [droplet.name for droplet in fleet.droplets if receiver.files(droplet)]
    assert having == ["api-1"]


def test_it_answers_where_the_rehearsals_webhook_is():
    (droplet,) = read_fleet("alpha").droplets
    texts = {path: text for path, _, text in receiver.files(droplet)}
    port = WEBHOOK_URL.split(":")[2].strip("/")
    assert f" {port} {receiver.RECEIVED}" in texts[receiver.UNIT]
    assert texts[receiver.PROGRAM] == PROGRAM.read_text()


@pytest.fixture
def running(tmp_path):
    """A receiver of our own: its URL, and its file."""
    port, received = "19095", tmp_path / "received.jsonl"
    order = [sys.executable, "-I", str(PROGRAM), port, str(received)]
    with subprocess.Popen(order) as process:
        yield f"http://127.0.0.1:{port}", received
        process.terminate()


def send(url, body=None):
    for _ in range(50):
        try:
            with urllib.request.urlopen(url, body, timeout=5) as answer:
                return answer.status
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


def test_every_post_is_a_line_with_its_time(running):
    url, received = running
    before = time.time()
    assert send(f"{url}/", json.dumps({"status": "firing"}).encode()) == 200
    assert send(f"{url}/alive") == 200
    first, second = [json.loads(line) for line in received.read_text().splitlines()]
    assert (first["path"], first["body"]) == ("/", {"status": "firing"})
    assert (second["path"], second["body"]) == ("/alive", None)
    assert before - 1 < first["at"] <= second["at"] <= time.time() + 1
