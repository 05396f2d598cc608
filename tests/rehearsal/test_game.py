"""Players on the rehearsed game: logged in over TLS, moved, saved; nothing of it is lost."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import pytest

from realmfleet.inventory import ROOT

pytestmark = pytest.mark.rehearsal

COMMAND = Path(sys.executable).parent / "realmfleet"
PLAY = ROOT / "examples" / "game" / "play.py"
PSQL = "runuser -u postgres -- psql -XAtq -d campaign"
# A service that is killed is back within this, and players try again for longer.
BACK_WITHIN_S = 30
PATIENCE_S = 300


def players(played, bots, seconds, prefix):
    """The bots' process; it runs beside the story."""
    words = {"--bots": bots, "--seconds": seconds, "--prefix": prefix, "--save-every": 2}
    options = [str(word) for pair in words.items() for word in pair]
    return subprocess.Popen(
        [sys.executable, str(PLAY), played.stage.fleet, *options, "--json"],
        cwd=ROOT,
        env={**os.environ, "REALMFLEET_STAGE": played.stage.name},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def account(process):
    """What the bots tell in the end."""
    out, err = process.communicate(timeout=PATIENCE_S)
    assert out.strip(), err
    return process.returncode, json.loads(out), err


def saved(played, summary):
    """Characters whose last acknowledged save is not what the database has, by SQL."""
    rows = played.ok(f"{PSQL} -c 'select character, max(seq) from campaign.save_log group by 1'")
    found = {int(c): int(seq) for c, seq in (row.split("|") for row in rows.splitlines())}
    told = {row["id"]: row["last_seq"] for row in summary["characters"]}
    return {c: (seq, found.get(c)) for c, seq in told.items() if found.get(c, 0) < seq}


def within(played, question, seconds=BACK_WITHIN_S):
    start = time.monotonic()
    while played.run(question).code:
        assert time.monotonic() - start < seconds, f"no answer in {seconds} s: {question}"
        time.sleep(0.2)


def test_bots_play_and_nothing_is_lost(deployed_alpha):
    code, summary, said = account(players(deployed_alpha, 30, 15, "short"))
    assert code == 0, said
    assert (summary["connected"], summary["disconnects"], summary["http_5xx"]) == (30, 0, 0)
    assert summary["saves_acknowledged"] == summary["saves_sent"] >= 30
    assert summary["on_leaderboard"]
    assert saved(deployed_alpha, summary) == {}
    counted = int(deployed_alpha.ok(f"{PSQL} -c 'select count(*) from campaign.save_log'"))
    assert counted >= summary["saves_acknowledged"]
    assert int(deployed_alpha.ok(f"{PSQL} -c 'select count(*) from campaign.events'")) >= counted


@pytest.mark.parametrize("unit", ["api", "postgresql@17-main", "redis-server@session"])
def test_a_server_killed_under_players_loses_no_save(deployed_alpha, unit):
    prefix = "".join(letter for letter in unit if letter.isalpha())[:8]
    process = players(deployed_alpha, 10, 20, prefix)
    time.sleep(12)
    deployed_alpha.ok(f"systemctl kill -s KILL {unit}")
    _, summary, said = account(process)
    assert summary["connected"] == 10, said
    assert summary["disconnects"] == 0, said
    assert saved(deployed_alpha, summary) == {}
    within(deployed_alpha, f"systemctl is-active {unit}")


def test_a_zone_killed_under_players_keeps_what_it_acknowledged(deployed_alpha):
    process = players(deployed_alpha, 10, 20, "zonekill")
    time.sleep(12)
    deployed_alpha.ok("systemctl kill -s KILL zone@forest-1")
    _, summary, _ = account(process)
    within(deployed_alpha, "systemctl is-active zone@forest-1")
    assert saved(deployed_alpha, summary) == {}


@pytest.mark.long
def test_a_droplet_that_lost_power_comes_back_whole(deployed_alpha):
    _, summary, said = account(players(deployed_alpha, 10, 10, "power"))
    assert summary["saves_acknowledged"], said
    deployed_alpha.kill()
    deployed_alpha.start()
    ready = "systemctl is-active api zone@forest-1 haproxy postgresql@17-main pgbouncer"
    within(deployed_alpha, ready, 90)
    assert saved(deployed_alpha, summary) == {}
    code, summary, said = account(players(deployed_alpha, 10, 10, "after"))
    assert code == 0, said


# Logins hash passwords; what is expected is resident once everybody is in.
SETTLED_S, SAMPLES = 40, 3
SAME_PERCENT = 20
# A whole MB more or less is no finding in a service of three.
SAME_MB = 1


def held(played):
    """Service -> what it holds, what it is expected to, and what is reserved for it, in MB."""
    order = [str(COMMAND), "rehearse", "status", played.stage.fleet, "--json"]
    environment = {**os.environ, "REALMFLEET_STAGE": played.stage.name}
    answer = subprocess.run(
        order, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    return json.loads(answer.stdout)[0]["memory_mb"]


@pytest.mark.long
def test_thirty_bots_for_a_minute_within_their_memory(deployed_alpha):
    process = players(deployed_alpha, 30, 60, "minute")
    time.sleep(SETTLED_S)
    samples = [held(deployed_alpha) for _ in range(SAMPLES)]
    code, summary, said = account(process)
    assert code == 0, said
    assert (summary["connected"], summary["disconnects"], summary["http_5xx"]) == (30, 0, 0)
    assert summary["saves_acknowledged"] == summary["saves_sent"] >= 30 * 60 // 5
    assert saved(deployed_alpha, summary) == {}
    for sample in samples:
        assert {s: m for s, m in sample.items() if m["held"] > m["reserved"]} == {}
    middle = {s: median(sample[s]["held"] for sample in samples) for s in samples[0]}
    expected = {service: row["expected"] for service, row in samples[0].items()}
    odd = {
        service: (middle[service], mb)
        for service, mb in expected.items()
        if abs(middle[service] - mb) > max(SAME_MB, mb * SAME_PERCENT / 100)
    }
    # Held, expected.
    assert odd == {}
