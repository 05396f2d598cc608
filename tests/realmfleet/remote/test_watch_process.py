"""A process that is watched: when it counts as ready, what is said where it does not."""

import http.server
import threading
from types import SimpleNamespace

import pytest

from realmfleet.remote import watch_process
from realmfleet.remote.watch_process import ask, journal, reason, wait

UP = {
    "ActiveState": "active",
    "SubState": "running",
    "MainPID": "7",
    "NRestarts": "0",
    "Result": "success",
    "ExecMainCode": "0",
    "ExecMainStatus": "0",
    "InvocationID": "abc",
}
SILENT = {"address": "127.0.0.1", "port": 1, "path": "", "field": ""}
ASKED = SILENT | {"path": "/ready"}
STARTING = UP | {"ActiveState": "activating", "SubState": "start-post"}


@pytest.fixture
def time(monkeypatch):
    """A clock that only moves where the program sleeps."""
    now = [0.0]

    def sleep(seconds):
        now[0] += seconds

    clock = SimpleNamespace(monotonic=lambda: now[0], sleep=sleep)
    monkeypatch.setattr(watch_process, "time", clock)
    # A quarter adds up without rounding.
    monkeypatch.setattr(watch_process, "LOOK_EVERY_S", 0.25)
    return now


@pytest.fixture
def watched(monkeypatch, time):
    """Waits for a process whose states, and answers, follow each other; the last one stays."""

    def watched(states, answers=("",), gate=SILENT, seconds=4):
        states, answers = list(states), list(answers)

        def following(them):
            return them.pop(0) if len(them) > 1 else them[0]

        monkeypatch.setattr(watch_process, "show", lambda _unit: following(states))
        monkeypatch.setattr(watch_process, "ask", lambda _gate: following(answers))
        said = wait({"unit": "api.service", "gate": gate}, seconds)
        return said, time[0]

    return watched


@pytest.mark.parametrize(
    ("gate", "states", "answers", "said", "at"),
    [
        # Ready at once, and for a second.
        (ASKED, [UP], [""], "", 1.0),
        # Who tells nothing must live for longer.
        (SILENT, [UP], [""], "", 5.0),
        (ASKED, [STARTING, STARTING, UP], [""], "", 1.25),
        (ASKED, [UP], ["answers /ready with 503", ""], "", 1.0),
        # It must stay ready, in one and the same process.
        (ASKED, [UP], ["", "", "does not answer", ""], "", 1.5),
        (ASKED, [UP, UP | {"MainPID": "8"}], [""], "", 1.25),
    ],
)
def test_ready(watched, gate, states, answers, said, at):
    assert watched(states, answers, gate) == (said, at)


@pytest.mark.parametrize(
    ("states", "answers", "said"),
    [
        (
            [UP | {"ActiveState": "failed", "ExecMainCode": "1", "ExecMainStatus": "3"}],
            [""],
            "ended by itself (exit code 3)",
        ),
        (
            [UP, UP | {"ActiveState": "activating", "SubState": "auto-restart"}],
            [""],
            "ended by itself (success)",
        ),
        (
            [UP, UP | {"NRestarts": "1", "ExecMainCode": "2", "ExecMainStatus": "9"}],
            [""],
            "ended by itself (signal 9)",
        ),
        (
            [UP],
            ["answers /ready with 503"],
            "was not ready within 4 s (it answers /ready with 503)",
        ),
        ([STARTING], [""], "was not ready within 4 s (it is starting)"),
        (
            [UP | {"MainPID": str(pid)} for pid in range(99)],
            [""],
            "was not ready within 4 s (it keeps starting anew)",
        ),
    ],
)
def test_not_ready(watched, states, answers, said):
    found, at = watched(states, answers, ASKED)
    assert found.startswith(said)
    assert at <= 4 + watch_process.STAYS_S + 2 * watch_process.LOOK_EVERY_S


def test_why_it_ended():
    assert reason(UP | {"ExecMainCode": "1", "ExecMainStatus": "1"}) == "exit code 1"
    assert reason(UP | {"ExecMainCode": "3", "ExecMainStatus": "11"}) == "signal 11"
    assert reason(UP | {"Result": "start-limit-hit"}) == "start-limit-hit"


@pytest.fixture
def server():
    """Serves bodies at their paths; 503 at /busy."""
    pages = {"/true": b'{"ready": true}', "/no": b'{"ready": 1}', "/list": b"[]", "/bare": b"ok"}

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path in pages else 503)
            self.end_headers()
            self.wfile.write(pages.get(self.path, b""))

        def log_message(self, *_words):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(
    ("path", "field", "said"),
    [
        ("", "", ""),
        ("/bare", "", ""),
        ("/true", "ready", ""),
        ("/no", "ready", "answers /no, but not ready"),
        ("/busy", "", "answers /busy with 503"),
        ("/bare", "ready", "does not answer on port"),
        ("/list", "ready", "does not answer on port"),
    ],
)
def test_gates(server, path, field, said):
    found = ask({"address": "127.0.0.1", "port": server, "path": path, "field": field})
    assert found == said if not said.endswith("port") else found.startswith(said)


def test_nobody_there():
    assert ask(ASKED).startswith("does not answer on port 1: ")


def test_the_journal_hides_secrets_and_noise(monkeypatch):
    said = "Failed to attach 7 to compat systemd cgroup\n\nno way to x:hidden@db\n"
    monkeypatch.setattr(watch_process, "show", lambda _unit: UP)
    monkeypatch.setattr(watch_process, "subprocess", SimpleNamespace(run=lambda *_, **__: None))
    monkeypatch.setattr(watch_process, "output", lambda _order: said)
    assert journal("api.service", ["hidden"]) == "\nIts last lines:\nno way to x:(secret)@db"
    monkeypatch.setattr(watch_process, "output", lambda _order: "")
    assert journal("api.service", []) == ""
