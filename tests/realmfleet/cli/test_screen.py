"""The status' screen: what is well is calm, what is not is named."""

import pytest
from rich.console import Console

from realmfleet.cli.screen import screen, well
from realmfleet.inventory import read_fleet

WELL = {
    "reachable": True,
    "droplet": "alpha-1",
    "region": "singapore",
    "size": "s-2vcpu-4gb",
    "machine": {
        "uptime_s": 7300, "load": 0.5, "memory_mb": 3900, "memory_available_mb": 1950,
        "disk_mb": 80000, "disk_free_mb": 60000,
    },
    "services": {"postgres": {"units": 1, "down": []}},
    "versions": {"postgres": "17.12"},
    "memory_mb": {"postgres": {"held": 512, "reserved": 1887, "expected": 1060}},
    "postgres": {
        "role": "primary", "sessions": 6, "sessions_most": 30,
        "databases": [{"name": "campaign", "size_mb": 9, "cache_hit_percent": None}],
    },
    "zones": [
        {"instance": "forest-1", "players": 12, "max": 100, "ready": True, "draining": False,
         "version": "1.0.0"},
    ],
    "alerts": [],
}  # fmt: skip
ALERT = {"name": "RedisDown", "severity": "critical", "droplet": "alpha-1", "summary": "gone"}
AWAY = {k: WELL[k] for k in ("droplet", "region", "size")} | {"reachable": False}


def shown(**more):
    console = Console(width=140)
    with console.capture() as capture:
        console.print(screen(read_fleet("alpha"), [{**WELL, **more}]))
    return capture.get()


def test_one_screen_says_all_of_it():
    text = shown()
    for words in ("17.12", "512 MB", "6 of 30", "forest-1", "12", "ready", "no alert fires"):
        assert words in text
    assert text.rstrip().endswith("alpha: 1 of 1 droplets answer, no units down, 12 players")
    assert len(text.splitlines()) < 24
    assert well([WELL])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"services": {"postgres": {"units": 1, "down": ["x.service"]}}}, "down: x"),
        ({"alerts": [ALERT]}, "RedisDown"),
        ({"reachable": False}, "does not answer"),
    ],
)
def test_what_is_not_well_is_named(more, words):
    assert words in shown(**more)
    assert not well([{**WELL, **more}])


def test_nobody_watching_is_no_silence():
    assert "nobody watches" in shown(alerts=None)


def test_a_droplet_that_does_not_answer_has_a_line():
    console = Console(width=140)
    with console.capture() as capture:
        console.print(screen(read_fleet("alpha"), [AWAY]))
    assert "does not answer" in capture.get()
