"""Redis: what both servers say, judged."""

import json

import pytest

from roles.redis.verify import FORBIDDEN, judge_doing, judge_forbidden, judge_settings, judge_users


def test_settings():
    wanted = {"maxmemory": "75mb", "maxmemory-policy": "allkeys-lru"}
    well = {"maxmemory": "78643200", "maxmemory-policy": "allkeys-lru", "port": "6379"}
    assert judge_settings("session", wanted, json.dumps(well)).faults == ()
    (fault,) = judge_settings("session", wanted, json.dumps(well | {"maxmemory": "0"})).faults
    assert fault.startswith("session: maxmemory is 0, asked 75mb")
    with pytest.raises(ValueError):
        judge_settings("session", wanted, "Could not connect to Redis\n")


HASH, OTHER = "#" + "a" * 64, "#" + "b" * 64
WANTED = {"monitor": ["on", HASH, "resetkeys", "-@all", "+ping"], "default": ["off"]}
MONITOR = f"user monitor on sanitize-payload {HASH} resetchannels -@all +ping\n"
DEFAULT = "user default off sanitize-payload resetchannels -@all\n"


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        (MONITOR + DEFAULT, []),
        (MONITOR.replace("+ping", "~* +ping +get") + DEFAULT, ["monitor has ~* +get unasked"]),
        (MONITOR.replace(" on ", " off ") + DEFAULT, ["monitor has off unasked and lacks on"]),
        (MONITOR.replace(HASH, OTHER) + DEFAULT, ["monitor has (a password) unasked and lacks"]),
        (MONITOR + "user default on nopass ~* +@all\n", ["default has on nopass ~* +@all unasked"]),
        (MONITOR + DEFAULT + "user eve on nopass\n", ["eve is declared nowhere"]),
        (DEFAULT, ["monitor is missing"]),
    ],
)
def test_users(answer, faults):
    found = judge_users("session", WANTED, answer).faults
    begin = [f"session: user {fault}" for fault in faults]
    assert [line[: len(part)] for line, part in zip(found, begin, strict=True)] == begin
    assert "aaaa" not in str(found)
    assert "bbbb" not in str(found)


def dryrun(**other):
    lines = []
    for user, commands in FORBIDDEN.items():
        for number, _ in enumerate(commands):
            told = other.get(f"{user}{number}", f"User {user} has no permissions to run")
            lines.append(f"{user}/{number} {told}\n")
    return "".join(lines)


def test_forbidden():
    assert judge_forbidden("session", dryrun()).faults == ()
    (fault,) = judge_forbidden("session", dryrun(application0="OK")).faults
    assert fault.startswith("session: application is not refused FLUSHALL (OK)")


WELL = {
    "set": "OK",
    "get": "works",
    "config": "NOPERM User application has no permissions",
    "del": "1",
    "nobody": "NOAUTH Authentication required.",
    "wrong": "AUTH failed: WRONGPASS invalid username-password pair",
}


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        ({}, []),
        ({"set": "OOM command not allowed"}, ["the application cannot write"]),
        ({"config": "maxmemory"}, ["the application may read the configuration"]),
        ({"nobody": "PONG"}, ["it answers without a login"]),
        ({"wrong": "PONG"}, ["a wrong password is not refused"]),
    ],
)
def test_doing(told, faults):
    answer = "".join(f"{what} {said}\n" for what, said in (WELL | told).items())
    found = judge_doing("session", answer).faults
    begin = [f"session: {fault}" for fault in faults]
    assert [line[: len(part)] for line, part in zip(found, begin, strict=True)] == begin
