"""The edge as players and attackers meet it: over TLS, from outside of the droplet."""

import http.client
import json
import ssl
import threading
import time
from collections import Counter

import pytest

from realmfleet.secrets import rehearsed
from realmfleet.secrets.certificate import parse
from realmfleet.secrets.store import store_for
from roles.haproxy import runtime

pytestmark = pytest.mark.rehearsal

EDGE = "deploys/edge.py"
FILE = "/etc/haproxy/realmfleet/haproxy.cfg"
LIMIT = 600

# A stand-in: says what it was asked with, takes its time at /slow, ends like an API of a studio:
# it finishes what it has begun. It takes the place of a real one for this story.
API = r"""
import http.server, json, signal, socket, threading, time
class Api(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path.startswith("/slow"):
            time.sleep(3)
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_POST = do_GET
    def log_message(self, *_):
        pass
class Server(http.server.ThreadingHTTPServer):
    daemon_threads, request_queue_size = False, 128
server = Server(("127.0.0.1", 8080), Api)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
server.server_close()
"""
STAND_IN = "realmfleet-test-api.service"
UNIT = """[Service]
ExecStart=/usr/bin/python3 -I /run/test-api.py
"""


class Players:
    """Calls of the edge, with the rehearsal's CA and nothing else trusted."""

    def __init__(self, alpha):
        self.address = str(alpha.addresses["alpha-1"])
        self.trust = ssl.create_default_context(cafile=str(alpha.stage.dir / rehearsed.CA))

    def connect(self):
        return http.client.HTTPSConnection(self.address, context=self.trust, timeout=30)

    def ask(self, path="/v1/x", method="GET", **headers):
        """Status, headers and body of one call on a connection of its own."""
        connection = self.connect()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, body


class Load:
    """Players who ask all the time, on new connections and on one that is kept."""

    def __init__(self, players, seconds, method="GET"):
        self.statuses, self.errors = Counter(), []
        self.players, self.method, self.end = players, method, time.monotonic() + seconds
        threads = [threading.Thread(target=self._new), threading.Thread(target=self._kept)]
        for thread in threads:
            thread.start()
        self.threads = threads

    def wait(self):
        for thread in self.threads:
            thread.join()
        return self

    def _new(self):
        while time.monotonic() < self.end:
            try:
                self.statuses[self.players.ask(method=self.method)[0]] += 1
            except OSError as error:
                self.errors.append(repr(error))
            time.sleep(0.1)

    def _kept(self):
        connection = self.players.connect()
        while time.monotonic() < self.end:
            try:
                connection.request(self.method, "/v1/kept")
                answer = connection.getresponse()
                answer.read()
                self.statuses[answer.status] += 1
            except (OSError, http.client.HTTPException) as error:
                self.errors.append(repr(error))
                connection.close()
            time.sleep(0.1)
        connection.close()


@pytest.fixture(scope="module")
def edge(deployed_alpha):
    """The edge alone: whatever serves as an API, or asks one, is off until the story ends."""
    zones = deployed_alpha.ok("systemctl list-units --plain --no-legend 'zone@*' | cut -d' ' -f1")
    others = f"api.service prometheus.service {' '.join(zones.split())}"
    deployed_alpha.run(f"systemctl stop {others}")
    yield deployed_alpha
    deployed_alpha.run(f"systemctl stop {STAND_IN}; rm -f /run/systemd/system/{STAND_IN}")
    deployed_alpha.run(f"systemctl daemon-reload; systemctl start {others}")


@pytest.fixture(scope="module")
def players(edge):
    return Players(edge)


def waited(ask, wanted, seconds=20):
    end = time.monotonic() + seconds
    while (found := ask()) != wanted and time.monotonic() < end:
        time.sleep(0.2)
    return found


def master(alpha):
    return alpha.ok("systemctl show -p MainPID --value haproxy")


@pytest.fixture(scope="module")
def api(edge, players):
    """A stand-in for the API on the droplet, known to the edge as up."""
    edge.ok(f"cat > /run/test-api.py <<'END'\n{API}END\n")
    edge.ok(f"cat > /run/systemd/system/{STAND_IN} <<'END'\n{UNIT}END\n")
    edge.ok(f"systemctl daemon-reload; systemctl start {STAND_IN}")
    assert waited(lambda: players.ask()[0], 200) == 200
    return edge


def test_without_an_api_there_is_a_page_for_people_and_json_for_games(players):
    assert waited(lambda: players.ask()[0], 503) == 503
    status, headers, body = players.ask()
    assert (status, json.loads(body)) == (503, {"error": "maintenance"})
    assert headers["retry-after"] == "30"
    status, headers, body = players.ask(accept="text/html,*/*")
    assert (status, headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert "Back soon" in body


def test_plain_http_is_sent_to_tls(players):
    connection = http.client.HTTPConnection(players.address, timeout=10)
    connection.request("GET", "/v1/x?a=b")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("location")) == (
        301,
        f"https://{players.address}/v1/x?a=b",
    )


def test_only_a_certificate_of_the_rehearsal_is_trusted_and_only_new_tls_spoken(players, api):
    assert players.ask()[1]["strict-transport-security"] == "max-age=31536000"
    strangers = http.client.HTTPSConnection(players.address, timeout=10)
    with pytest.raises(ssl.SSLCertVerificationError):
        strangers.request("GET", "/")
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, OSError)):
        http.client.HTTPSConnection(players.address, timeout=10, context=old).request("GET", "/")
    assert api


@pytest.mark.parametrize("given", ["abcdef-1234", "0e37df36-f698-11e6-8dd4-cb9ced3df976"])
def test_a_sane_request_id_is_taken_over(players, api, given):
    status, headers, body = players.ask(x_request_id=given)
    assert (status, headers["x-request-id"], json.loads(body)["x-request-id"]) == (
        200,
        given,
        given,
    )
    assert f"id={given}" in api.ok("sleep 0.2; journalctl -u haproxy -n 20 -o cat")


@pytest.mark.parametrize("given", ["short", "a" * 65, "<script>alert(1)</script>", "abc def ghi"])
def test_any_other_request_id_is_replaced(players, api, given):
    status, headers, body = players.ask(x_request_id=given)
    assert (status, len(headers["x-request-id"])) == (200, 36)
    assert json.loads(body)["x-request-id"] == headers["x-request-id"] != given
    assert api


def test_who_a_client_is_only_the_edge_says(players, api):
    forged = {"x_forwarded_for": "1.2.3.4", "forwarded": "for=1.2.3.4", "x_real_ip": "1.2.3.4"}
    seen = json.loads(players.ask(x_forwarded_proto="http", x_forwarded_host="evil", **forged)[2])
    assert "1.2.3.4" not in str(seen) and "evil" not in str(seen)
    # This machine, as the droplets' network knows it.
    assert seen["x-forwarded-for"] == api.ok("ip -4 route show default | cut -d ' ' -f 3")
    assert seen["x-forwarded-proto"] == "https"


def test_the_log_names_the_path_and_no_token(players, api):
    players.ask("/v1/logged?token=very-secret", authorization="Bearer also-secret")
    logged = api.ok("sleep 0.2; journalctl -u haproxy -n 50 -o cat")
    assert 'method=GET path="/v1/logged" status=200' in logged
    assert "secret" not in logged


@pytest.mark.parametrize(
    "path",
    [
        "/internal/saves",
        "/INTERNAL/saves",
        "/internal",
        "/metrics",
        "/metrics/",
        "/%69nternal/saves",
        "/%2e/internal/saves",
        "/v1/../internal/saves",
        "/v1/%2e%2e/metrics",
        "//internal/saves",
        "/v1//internal",
    ],
)
def test_the_apis_inner_side_is_not_there(players, api, path):
    assert players.ask(path)[0] == 404
    assert api.run("true").code == 0


def test_what_only_looks_like_it_is_passed_on(players, api):
    for path in ("/v1/internal", "/metrics-of-mine", "/v1/a.b", "/?next=/internal/"):
        assert players.ask(path)[0] == 200
    assert api


def test_maintenance_at_once_by_the_runtime_map(players, api):
    api.ok(runtime.maintenance(on=True))
    assert players.ask()[0] == 503
    api.ok(runtime.maintenance(on=False))
    assert players.ask()[0] == 200


def test_a_drain_finishes_what_was_begun(players, api):
    answers = []
    slow = threading.Thread(target=lambda: answers.append(players.ask("/slow")[0]))
    slow.start()
    time.sleep(0.7)
    api.ok(runtime.drain("alpha-1"))
    assert api.ok(runtime.requests_left("alpha-1")) == "1"
    assert players.ask()[0] == 503
    slow.join()
    assert answers == [200]
    assert waited(lambda: api.ok(runtime.requests_left("alpha-1")), "0") == "0"
    api.ok(runtime.undrain("alpha-1"))
    assert players.ask()[0] == 200


def test_nobody_but_root_speaks_to_the_sockets(edge):
    for path in (runtime.ADMIN, runtime.MASTER):
        assert edge.ok(f"stat -c '%U %a' {path}") == "root 600"
    refused = edge.run(f"setpriv --reuid nobody --clear-groups {runtime.ask('show info')}")
    assert refused.code != 0 and "Permission" in refused.stderr + refused.stdout


def presented(players):
    connection = players.connect()
    connection.connect()
    shown = connection.sock.getpeercert(binary_form=True)
    connection.close()
    return shown


def test_a_new_certificate_drops_no_connection(players, api):
    fleet = api.rehearsal.fleet
    new = rehearsed.value("haproxy_certificate", fleet, api.stage.dir)
    before, pid = presented(players), master(api)
    store_for(fleet).set("haproxy_certificate", new)
    load = Load(players, 20)
    slow = threading.Thread(target=lambda: load.statuses.update([players.ask("/slow")[0]]))
    slow.start()
    deployed = api.deploy(file=EDGE)
    slow.join()
    load.wait()
    assert deployed.code == 0, deployed.stderr
    assert before != presented(players) == parse("haproxy_certificate", new).der
    assert master(api) == pid
    assert (set(load.statuses), load.errors) == ({200}, [])
    assert sum(load.statuses.values()) > 100


def restarted(players, api, method):
    """What players meet while the API restarts twice, and is away for a moment once."""
    time.sleep(11)
    load = Load(players, 9, method)
    for _ in range(2):
        time.sleep(1.5)
        api.ok(f"systemctl restart {STAND_IN}")
    time.sleep(1)
    api.ok(f"systemctl stop {STAND_IN}; sleep 1.5; systemctl start {STAND_IN}")
    return load.wait()


def test_an_api_that_restarts_is_not_noticed(players, api):
    load = restarted(players, api, "GET")
    assert (set(load.statuses), load.errors) == ({200}, [])


def test_a_post_is_never_sent_twice_so_a_restart_may_end_the_one_in_flight(players, api):
    """A connection that waits in a closing socket's queue is reset: only a drain avoids that."""
    load = restarted(players, api, "POST")
    assert load.errors == []
    assert set(load.statuses) <= {200, 502}
    # Two players, three restarts.
    assert load.statuses[502] <= 2 * 3
    assert load.statuses[200] > 50


def test_rules_that_haproxy_refuses_change_nothing(edge):
    before, pid = edge.ok(f"sha256sum {FILE}"), master(edge)
    refused = edge.deploy("--data", "haproxy_settings={'tune.ssl.cachesize': -3}", file=EDGE)
    assert refused.code != 0
    assert (edge.ok(f"sha256sum {FILE}"), master(edge)) == (before, pid)


def test_too_many_requests_of_one_address(players, api):
    time.sleep(11)
    connection, statuses = players.connect(), []
    for _ in range(LIMIT + 20):
        connection.request("GET", "/v1/flood")
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    assert statuses[:LIMIT] == [200] * LIMIT
    assert statuses[-1] == 429
    assert answer.getheader("retry-after") == "10"
    assert api.ok("journalctl -u haproxy --since -5s -o cat").count("status=429") == 0
    time.sleep(11)
    assert players.ask()[0] == 200


def test_killed_it_returns_by_itself(edge, players):
    former = master(edge)
    edge.ok(f"kill -9 {former}")
    assert waited(lambda: master(edge) not in ("0", former), True)
    assert waited(lambda: reached(players), True)


def reached(players):
    try:
        return bool(players.ask()[0])
    except OSError:
        return False
