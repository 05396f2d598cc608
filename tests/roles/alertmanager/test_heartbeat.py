"""The heartbeat against servers of our own: told once, its end once, and again if not taken."""

import importlib.util
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from realmfleet.render import TEMPLATES, render

PROGRAM = TEMPLATES / "alertmanager" / "heartbeat.py"
FOR_S = 60


def load():
    spec = importlib.util.spec_from_file_location("heartbeat", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


heartbeat = load()


class World:
    """A Prometheus, an Alertmanager and a webhook on one port, each well until told otherwise."""

    def __init__(self):
        self.down = set()
        self.watchdog = "2026-01-01T00:00:00.000Z"
        self.posted = []
        self.pings = 0

    def answer(self, path):
        """(code, body) of a GET."""
        part = path.split("/")[1]
        if part in self.down:
            return 503, b""
        if part == "outside":
            self.pings += 1
        found = [{"updatedAt": self.watchdog}] if self.watchdog else []
        return 200, json.dumps(found).encode()


@pytest.fixture
def world():
    world = World()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.reply(*world.answer(self.path))

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if "webhook" not in world.down:
                world.posted.append(body)
            self.reply(503 if "webhook" in world.down else 200, b"")

        def reply(self, code, body):
            self.send_response(code)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    world.url = f"http://127.0.0.1:{server.server_port}"
    yield world
    server.shutdown()
    server.server_close()


@pytest.fixture
def beat(world, tmp_path):
    """Run it once, so many seconds after the watchdog came: its exit code."""
    for name in ("webhook", "outside"):
        (tmp_path / name).write_text(f"{world.url}/{name}\n")
    env = {
        "STATE_DIRECTORY": str(tmp_path),
        "HEARTBEAT_FLEET": "alpha",
        "HEARTBEAT_DROPLET": "alpha-1",
        "HEARTBEAT_REGION": "singapore",
        "HEARTBEAT_FOR_S": str(FOR_S),
        "HEARTBEAT_PROMETHEUS": f"{world.url}/prometheus",
        "HEARTBEAT_ALERTMANAGER": f"{world.url}/alertmanager",
        "HEARTBEAT_WEBHOOK": str(tmp_path / "webhook"),
        "HEARTBEAT_OUTSIDE": str(tmp_path / "outside"),
    }
    start = heartbeat.datetime.fromisoformat(world.watchdog).timestamp()
    return lambda after_s, **more: heartbeat.main(env | more, start + after_s)


def told(world):
    return [(post["status"], post["alerts"][0]["labels"]["alertname"]) for post in world.posted]


def test_while_all_is_well_nobody_is_told_and_the_outside_is_pinged(world, beat):
    assert beat(0) == beat(15) == 0
    assert (world.posted, world.pings) == ([], 2)


@pytest.mark.parametrize(
    ("part", "name"),
    [("prometheus", "PrometheusSilent"), ("alertmanager", "AlertmanagerSilent")],
)
def test_a_death_is_told_once_and_its_end_once(world, beat, part, name):
    world.down.add(part)
    for after in (0, 15, 30, 45):
        beat(after)
    assert told(world) == []
    for after in (60, 75, 90):
        beat(after)
    assert told(world) == [("firing", name)]
    world.down.clear()
    beat(105)
    beat(120)
    assert told(world) == [("firing", name), ("resolved", name)]
    # Not pinged while something was wrong.
    assert world.pings == 2


def test_a_restart_is_no_death(world, beat):
    world.down.add("prometheus")
    beat(0)
    beat(45)
    world.down.clear()
    beat(50)
    world.down.add("prometheus")
    beat(65)
    assert told(world) == []


@pytest.mark.parametrize("missing", [True, False])
def test_a_prometheus_that_hangs_is_seen_by_its_watchdog(world, beat, missing):
    late = 0 if missing else heartbeat.WATCHDOG_OLD_S
    if missing:
        world.watchdog = None
    for after in range(late, late + FOR_S + 31, 15):
        beat(after + 1)
    assert told(world) == [("firing", "WatchdogMissing")]


def test_what_the_webhook_did_not_take_is_told_again(world, beat, capsys):
    world.down.update({"prometheus", "webhook"})
    beat(0)
    assert beat(60) == beat(75) == 1
    complaint = capsys.readouterr().err
    assert complaint.startswith("<3>the webhook did not take the heartbeat's alert (503)")
    assert world.url not in complaint
    world.down.remove("webhook")
    assert beat(90) == beat(105) == 0
    assert told(world) == [("firing", "PrometheusSilent")]
    world.down.add("webhook")
    world.down.remove("prometheus")
    assert beat(120) == 1
    world.down.clear()
    beat(135)
    assert told(world)[1:] == [("resolved", "PrometheusSilent")]


def test_it_speaks_as_alertmanager_does(world, beat):
    world.down.add("prometheus")
    beat(0)
    beat(60)
    (post,) = world.posted
    assert (post["version"], post["receiver"]) == ("4", "webhook")
    (alert,) = post["alerts"]
    assert alert["startsAt"] == "2026-01-01T00:00:00+00:00"
    assert alert["labels"]["droplet"] == "alpha-1"
    assert sorted(alert["annotations"]) == ["description", "runbook", "summary"]


def test_a_file_that_makes_no_sense_counts_as_none(beat, tmp_path):
    for text in ("", "{", "[]", "7"):
        (tmp_path / "state.json").write_text(text)
        assert beat(0) == 0


def test_without_webhook_and_outside_it_only_looks(world, beat):
    world.down.add("prometheus")
    for after in (0, 60, 75):
        assert beat(after, HEARTBEAT_WEBHOOK="", HEARTBEAT_OUTSIDE="") == 0
    assert (world.posted, world.pings) == ([], 0)


def test_what_lands_is_what_is_tested_here():
    assert render("alertmanager/heartbeat.py") == Path(PROGRAM).read_text()
