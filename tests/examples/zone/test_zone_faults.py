"""The zone server under faults: no save is lost, nobody stalls it, it refuses what it should."""

import socket
import time

import pytest

pytestmark = [pytest.mark.rehearsal, pytest.mark.long]

GARBAGE = (
    b"",
    b"GET /status HT",
    b"\x00\xff" * 3000,
    b"GET / HTTP/1.1\r\nX: " + b"a" * 9000,
    b"POST /drain HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n",
    b"POST /shutdown HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf",
)


@pytest.mark.parametrize("project", ["zone", "bots"])
def test_projects_pack(machine, project):
    """The build's own command: it says 0 whatever happens, so the pack must be there."""
    pack = (
        f"cp -r /srv/game/{project} /var/tmp/pack-{project} && godot3-server "
        f"--path /var/tmp/pack-{project} --export-pack linux /var/tmp/{project}.pck"
    )
    machine.exec_run(["sh", "-c", pack], environment={"HOME": "/var/tmp"})
    assert machine.exec_run(["test", "-s", f"/var/tmp/{project}.pck"]).exit_code == 0


def test_thirty_bots_play(zone, api):
    api.too_many = 5
    code, said, errors = zone.bots(30, 20).end()
    assert code == 0, (said, errors)
    assert (said["connected"], said["disconnects"], said["http_5xx"]) == (30, 0, 0)
    assert said["saves_sent"] == said["saves_acknowledged"] >= 30 * 10
    assert said["http_later"] == 5
    # UDP may lose some, and the engine holds some back: far from all.
    assert said["snapshots"] > 30 * 20 * 10 * 0.5
    assert said["on_leaderboard"] == 10
    for one in said["characters"]:
        assert api.newest(one["id"])["seq"] >= one["last_seq"] > 0


def test_an_api_that_was_away_has_every_save(zone, api):
    bots = zone.bots(10, 20)
    zone_has_players(zone, 10)
    api.stop()
    time.sleep(10)
    assert zone.status()["ready"]
    assert zone.metric("zone_ready") == 1
    waiting = zone.metric("zone_saves_waiting")
    api.start()
    code, said, errors = bots.end()
    assert waiting > 0
    assert code == 0, (said, errors)
    assert said["saves_sent"] == said["saves_acknowledged"]
    assert zone.metric("zone_save_errors_total") > 0
    assert zone.kept() == []


def test_a_killed_zone_loses_no_save(zone, api):
    bots = zone.bots(10, 30)
    zone_has_players(zone, 10)
    time.sleep(4)
    api.saves_answer = 503
    time.sleep(4)
    kept = zone.kept()
    zone.kill()
    code, said, _ = bots.end()
    assert kept
    assert code == 1
    assert said["disconnects"] == 10
    for one in said["characters"]:
        assert api.newest(one["id"])["seq"] >= one["last_seq"] > 0
    api.saves_answer = 0
    zone.start()
    zone.wait_for(lambda: zone.kept() == [], "kept saves are sent")
    assert {(save["character"], save["seq"]) for save in kept} <= set(api.saves)


def test_shutdown_saves_everybody_and_leaves(zone, api):
    bots = zone.bots(10, 30, SAVE_EVERY_S="600")
    zone_has_players(zone, 10)
    before = len(api.saves)
    zone.ask("POST", "/shutdown")
    zone.wait_for(zone.exit_code, "the zone ends")
    assert zone.exit_code() == "0"
    assert len(api.saves) >= before + 10
    assert api.zones["forest-1"]["ready"] is False
    _, _, errors = bots.end()
    assert errors.count("closing") == 10


def test_shutdown_without_an_api_keeps_the_saves(zone, api):
    zone_bots = zone.bots(5, 30, SAVE_EVERY_S="600")
    zone_has_players(zone, 5)
    api.stop()
    zone.ask("POST", "/shutdown")
    zone.wait_for(zone.exit_code, "the zone ends")
    assert zone.exit_code() == "0"
    assert len(zone.kept()) == 5
    api.start()
    zone_bots.end()
    zone.kill()
    zone.start()
    zone.wait_for(lambda: len(api.saves) == 5, "kept saves are sent")


def test_a_draining_zone_takes_nobody_new(zone, api):
    bots = zone.bots(3, 8)
    zone_has_players(zone, 3)
    zone.ask("POST", "/drain")
    zone.wait_for(lambda: api.zones["forest-1"]["draining"], "the directory knows")
    api.lists_all = True
    _, said, errors = zone.bots(2, 1, PREFIX="late").end()
    assert said["connected"] == 0
    assert errors.count("refused: draining") == 2
    code, _, errors = bots.end()
    assert code == 0, errors
    zone.ask("POST", "/undrain")
    assert zone.status()["draining"] is False


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"exp": 1}, "expired ticket"),
        ({"instance": "forest-2"}, "ticket of another instance"),
        ({"exp": "never"}, "bad ticket"),
    ],
)
def test_a_wrong_ticket_is_refused(zone, api, wrong, why):
    api.wrong_claims = wrong
    code, said, errors = zone.bots(2, 1).end()
    assert (code, said["connected"]) == (1, 0)
    assert errors.count(f"refused: {why}") == 2


def test_bots_refuse_a_wrong_certificate(zone, api, other_certificate):
    code, said, errors = zone.bots(1, 1, ca=other_certificate).end()
    assert (code, said["connected"]) == (1, 0)
    assert "certificate is not good" in errors
    assert api.names == {}


def test_nobody_stalls_the_tick_through_http(zone):
    bots = zone.bots(5, 15)
    zone_has_players(zone, 5)
    place = (str(zone.address), zone.port)
    open_ones = []
    for _ in range(10):
        for garbage in GARBAGE:
            one = socket.create_connection(place, timeout=5)
            one.sendall(garbage)
            open_ones.append(one)
        # Asked in between: the newest are served, whoever is silent has to go.
        assert zone.status()["players"] == 5
    for one in open_ones:
        one.close()
    code, said, errors = bots.end()
    assert code == 0, (said, errors)
    assert zone.status()["draining"] is False
    # Ten times what a tick has; what a stalled read would take is seconds.
    assert zone.metric("zone_tick_seconds_max") < 0.5


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ZONE_KEY": ""}, "zone: ZONE_KEY is not set"),
        ({"MAX_PLAYERS": "many"}, 'zone: MAX_PLAYERS: "many" is not 1 to 200'),
        ({}, "zone: PORT: cannot listen on UDP 7000; is it taken?"),
        ({"PORT": "7001"}, "zone: STATUS_LISTEN: cannot listen on TCP 0.0.0.0:7000; is it taken?"),
        ({"STATE_DIRECTORY": "/proc"}, "zone: STATE_DIRECTORY: cannot write /proc/saves.json.tmp"),
    ],
)
def test_a_zone_that_cannot_start_says_why(zone, wrong, said):
    answer = zone.once(**wrong)
    assert answer.code == 1
    assert said in answer.stderr


def test_a_candidate_stays_out_of_the_directory(zone, api):
    zone.kill()
    api.zones.clear()
    zone.start(CANDIDATE="1", STATE_DIRECTORY="/proc")
    time.sleep(6)
    assert api.zones == {}


def zone_has_players(zone, wanted):
    zone.wait_for(lambda: zone.status().get("players") == wanted, f"{wanted} players are in")
