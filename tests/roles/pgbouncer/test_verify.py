"""PgBouncer: what its console and its clients say, judged."""

import pytest

from realmfleet.verify.trials import anywhere
from roles.pgbouncer.verify import judge_pools, judge_settings, judge_strangers, judge_through

CONFIG = "key|value|default|changeable\nquery_wait_timeout|120|120|yes\npool_mode|{}|session|yes\n"


def test_settings():
    wanted = {"query_wait_timeout": "120", "pool_mode": "transaction"}
    assert judge_settings(wanted, CONFIG.format("transaction")).faults == ()
    (fault,) = judge_settings(wanted, CONFIG.format("session")).faults
    assert fault.startswith("pool_mode is session, asked transaction")
    with pytest.raises(ValueError, match="no server"):
        judge_settings(wanted, "psql: error: no server\n")


def pools(world="0|0", limit=23):
    return (
        f"name|host|paused|disabled\nworld|/run|{world}\npgbouncer||0|0\n"
        f"name|pool_size|max_user_connections\napplication||{limit}\n"
    )


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        (pools(), []),
        (pools(world="1|0"), ["database world is paused"]),
        (pools(world="0|1"), ["database world is disabled"]),
        (pools(limit=5), ["application may open 5 sessions, asked 23"]),
        (pools().replace("world", "other"), ["database world is missing"]),
    ],
)
def test_pools(answer, faults):
    found = judge_pools(["world"], {"application": "max_user_connections=23"}, answer).faults
    assert [line[: len(fault)] for line, fault in zip(found, faults, strict=True)] == faults


def tried(**other):
    states = ["00000" if trial.works else "42501" for trial in anywhere("world")]
    lines = (f"said {n} {other.get(f'_{n}', state)}\n" for n, state in enumerate(states))
    return "next\n" + "".join(lines)


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        (tried(), []),
        (tried(_1="00000"), ["application in world is not refused 'create table world."]),
        (
            "next\npsql: error: FATAL: SASL authentication failed\n",
            ["application in world cannot log in through the pool: psql: error: FATAL: SASL"],
        ),
    ],
)
def test_through_the_pool(answer, faults):
    found = judge_through("application", {"world": "world"}, answer).faults
    assert [line[: len(fault)] for line, fault in zip(found, faults, strict=True)] == faults


def test_strangers():
    wrong, own = "wrong FATAL:  SASL authentication failed\n", "own FATAL:  no such database: x\n"
    assert judge_strangers(wrong + own).faults == ()
    assert judge_strangers("wrong 1\n" + own).faults[0].startswith("a wrong password is not")
    assert judge_strangers(wrong + "own 1\n").faults[0].startswith("the database postgres is not")
