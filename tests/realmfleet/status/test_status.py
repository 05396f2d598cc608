"""Status: what droplets answer, read as plain JSON, and what no answer leaves open."""

import json

from realmfleet.inventory import read_fleet
from realmfleet.status import Question
from realmfleet.status.collect import status
from realmfleet.status.droplet import (
    questions,
    read_machine,
    read_memory,
    read_units,
    read_versions,
)
from realmfleet.units import Unit
from roles.alertmanager.status import read as read_alerts
from roles.redis.status import read as read_redis

UNITS = {"postgres": (Unit("postgresql@17-main.service"), Unit("old.timer", running=False))}
PROPERTIES = "Id=postgresql@17-main.service\nActiveState={}\nUnitFileState=enabled\n"
SHOWN = PROPERTIES + "NeedDaemonReload=no\n\n"


class Known(dict):
    """Every secret has a value."""

    def __missing__(self, key):
        return "x"


def asked():
    fleet = read_fleet("alpha")
    return tuple(questions(fleet, fleet.droplets[0], Known()))


def test_the_machine():
    found = read_machine("  3600\n0.25\n3900\n2000\n 80000  61000\n")
    assert (found["uptime_s"], found["load"], found["memory_mb"]) == (3600, 0.25, 3900)
    assert found["disk_free_mb"] == 61000


def test_a_unit_that_shall_run_and_does_not_is_down():
    assert read_units(UNITS, SHOWN.format("active")) == {"postgres": {"units": 1, "down": []}}
    down = ["postgresql@17-main.service"]
    assert read_units(UNITS, SHOWN.format("failed"))["postgres"]["down"] == down


def test_memory_stands_beside_what_is_reserved():
    (droplet,) = read_fleet("alpha").droplets
    answer = (
        "/proc/7/smaps_rollup:Pss:  2048 kB\n"
        "/proc/7/cgroup:0::/system.slice/postgresql@17-main.service\n"
    )
    found = read_memory(droplet, {"postgresql@17-main.service": "postgres"}, answer)["postgres"]
    assert found["held"] == 2
    assert found["reserved"] > found["expected"] > found["held"]


def test_versions_are_upstreams():
    said = "postgres 17.12-0+deb13u1\nredis 5:8.0.2-3\ndpkg-query: no packages found matching x\n"
    assert read_versions(said) == {"postgres": "17.12", "redis": "8.0.2"}


def test_an_instance_of_redis():
    info = (
        "used_memory:1048576\r\nmaxmemory:78643200\r\nkeyspace_hits:3\r\nkeyspace_misses:1\r\n"
        "connected_clients:2\r\nrole:master\r\ndb0:keys=5,expires=0,avg_ttl=0\r\n"
    )
    found = read_redis("session", info)
    assert (found["keys"], found["memory_mb"], found["hit_percent"]) == (5, 1.0, 75.0)


def test_every_key_is_asked_once_and_nothing_usable_is_said_as_none():
    keys = [question.key for question in asked()]
    assert len(keys) == len(set(keys)) >= 6
    (droplet,) = read_fleet("alpha").droplets
    found = status(droplet, asked(), ["sh: not found"] * len(keys))
    assert found["machine"] is None
    assert found["postgres"] is None
    assert json.dumps(found)


def test_no_secret_stands_in_a_question():
    fleet = read_fleet("alpha")
    secret = type("S", (Known,), {"__missing__": lambda *_: "hidden-value"})()
    for question in questions(fleet, fleet.droplets[0], secret):
        assert "hidden-value" not in question.shell
        assert "hidden-value" not in repr(question)


def test_an_odd_answer_is_not_a_traceback():
    (droplet,) = read_fleet("alpha").droplets
    odd = Question("odd", "", lambda answer: json.loads(answer)["x"])
    assert status(droplet, [odd], ["[]"])["odd"] is None


def test_the_watchdog_is_no_alarm():
    def alert(name, severity):
        labels = {"alertname": name, "severity": severity, "droplet": "alpha-1"}
        said = {"summary": f"{name} says"}
        return {"labels": labels, "annotations": said, "startsAt": "2026-11-21T14:00:00.000Z"}

    text = json.dumps([alert("Watchdog", "none"), alert("RedisDown", "critical")])
    assert read_alerts(text) == [
        {
            "name": "RedisDown",
            "severity": "critical",
            "droplet": "alpha-1",
            "since": "2026-11-21 14:00",
            "summary": "RedisDown says",
        }
    ]
