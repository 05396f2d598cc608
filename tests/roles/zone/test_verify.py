"""Zones: what each says of itself, judged."""

import json

import pytest

from realmfleet.fleet.game import ZoneInstance
from roles.zone.verify import checks, judge_status

HUB = ZoneInstance("hub-1", "hub", 7004)
WELL = {
    "zone": "hub",
    "instance": "hub-1",
    "players": 3,
    "max": 100,
    "ready": True,
    "draining": False,
    "version": "1.0.0",
}


def says(status=200, **other):
    return f"HTTP/1.1 {status} X\r\n\r\n{json.dumps(WELL | other)}\n"


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        (says(), []),
        # To drain is an operator's wish, not a fault.
        (says(draining=True), []),
        (says(ready=False), ["hub-1 says ready False, asked True: journalctl -u zone@hub-1"]),
        (says(version="0.9.0"), ["hub-1 says version '0.9.0', asked '1.0.0'"]),
        (says(instance="hub-2"), ["hub-1 says instance 'hub-2', asked 'hub-1'"]),
        (says(zone="forest"), ["hub-1 says zone 'forest', asked 'hub'"]),
        (
            says(503),
            [f"hub-1 says {key} None" for key in ("zone", "instance", "ready", "version")],
        ),
    ],
)
def test_status(answer, faults):
    verdict = judge_status(HUB, "1.0.0", answer)
    found = verdict.faults
    assert [line[: len(part)] for line, part in zip(found, faults, strict=True)] == faults
    assert faults or verdict.said == "hub-1 1.0.0 is ready, 3 of 100 players"


@pytest.mark.parametrize(
    "answer", ["", "bash: connect: Connection refused\n", "HTTP/1.1 200 OK\n\n[]"]
)
def test_what_cannot_be_judged_is_no_pass(answer):
    with pytest.raises(ValueError):
        judge_status(HUB, "1.0.0", answer)


@pytest.mark.parametrize(("contract", "asked"), [(True, 5), (False, 0)])
def test_zones_are_asked_only_where_they_keep_the_contract(alpha, contract, asked):
    words = {"api_ticket_key": "a", "api_zone_key": "b"}
    found = [check.about for check in checks(*alpha(zone_status_contract=contract), words)]
    assert len([about for about in found if about.startswith("forest-")]) == asked
    assert len([about for about in found if about.startswith("ports of zone@")]) == 5
