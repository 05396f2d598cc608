"""A server that is killed comes back by itself, with everything that it had acknowledged."""

import time

import pytest

from roles.haproxy.runtime import ask

pytestmark = pytest.mark.rehearsal

# A second until systemd starts it again, then recovery from the WAL or the AOF.
BACK_WITHIN_S = 30

PSQL = "runuser -u postgres -- psql -XAtq -d campaign"
ASKED = {
    "postgresql@17-main": f"{PSQL} -c 'select 1'",
    "pgbouncer": "ss -ltnH 'sport = :6432' | grep -q .",
    "redis-server@session": "redis-cli -p 6379 ping | grep -E 'PONG|NOAUTH'",
    "redis-server@leaderboard": "redis-cli -p 6380 ping | grep -E 'PONG|NOAUTH'",
    "prometheus-node-exporter": "ss -ltnH 'sport = :9100' | grep -q .",
}


# The edge asks the API every second or two, and trusts it after two good answers.
EDGE = f"{ask('show servers state api')} | awk '/^[0-9]/ {{ up = ($6 == 2) }} END {{ exit !up }}'"


@pytest.fixture(autouse=True, scope="module")
def _whole(deployed_alpha):
    """Who comes after this story finds the API behind the edge again."""
    yield
    within(deployed_alpha, EDGE)


def within(played, question, seconds=BACK_WITHIN_S):
    """Wait until the question is answered; how long it took."""
    start = time.monotonic()
    while played.run(question).code:
        assert time.monotonic() - start < seconds, f"no answer in {seconds} s: {question}"
        time.sleep(0.2)
    return time.monotonic() - start


def pid(played, unit):
    return int(played.ok(f"systemctl show -P MainPID {unit}"))


@pytest.mark.parametrize("unit", ASKED)
def test_a_killed_server_returns(deployed_alpha, unit):
    before = pid(deployed_alpha, unit)
    deployed_alpha.ok(f"kill -9 {before}")
    question = f'[ "$(systemctl show -P MainPID {unit})" -gt 0 ] && {ASKED[unit]}'
    within(deployed_alpha, question)
    assert pid(deployed_alpha, unit) != before


def test_acknowledged_rows_survive_their_server(deployed_alpha):
    deployed_alpha.ok(f"{PSQL} -c 'create table public.kept (n int)'")
    try:
        for n in range(5):
            deployed_alpha.ok(f"{PSQL} -c 'insert into public.kept values ({n})'")
        deployed_alpha.ok(f"kill -9 {pid(deployed_alpha, 'postgresql@17-main')}")
        within(deployed_alpha, ASKED["postgresql@17-main"])
        assert deployed_alpha.ok(f"{PSQL} -c 'select count(*) from public.kept'") == "5"
    finally:
        within(deployed_alpha, f"{PSQL} -c 'drop table if exists public.kept'")
