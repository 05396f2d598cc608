"""The player that verifies: what it tells, and what is no success."""

import json

import pytest

from realmfleet.inventory import read_fleet
from roles.zone.probe import check, judge

TOLD = {
    "connected": 1, "disconnects": 0, "http_errors": 0, "http_5xx": 0,
    "saves_sent": 2, "saves_acknowledged": 2, "on_leaderboard": 1,
}  # fmt: skip


def judged(**more):
    return judge("localhost", f"Godot Engine\n{json.dumps({**TOLD, **more})}\n")


def test_all_well():
    verdict = judged()
    assert not verdict.faults
    assert "saved 2 times, is on the leaderboard" in verdict.said


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"connected": 0, "saves_sent": 0, "saves_acknowledged": 0}, "connected 0, not 1"),
        ({"http_5xx": 3}, "http_5xx 3, not 0"),
        ({"saves_acknowledged": 1}, "1 of 2 acknowledged"),
    ],
)
def test_trouble_is_named(more, words):
    assert words in " ".join(judged(**more).faults)


def test_where_the_edges_certificate_is_not_known_nobody_plays():
    fleet = read_fleet("beta")
    found = check(fleet, fleet.droplet("zone-1"), {})
    assert found.judge("").skipped


def test_no_answer_is_no_success():
    with pytest.raises((ValueError, LookupError)):
        judge("localhost", "bots: API_URL is not set\n")
