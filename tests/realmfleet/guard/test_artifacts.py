"""Builds that the guard refuses, and when it looks at their files at all."""

import hashlib

import pytest

from realmfleet.guard.artifacts import check_artifacts
from realmfleet.guard.call import Call

PROGRAM = b"#!/bin/sh\nexit 0\n"
ENTRY = {"path": "server", "version": "1.0.0", "sha256": hashlib.sha256(PROGRAM).hexdigest()}
HERE = frozenset({"alpha-1"})
WITHOUT = {"path": "nowhere", "version": "1.0.0"}


@pytest.fixture
def told(alpha, tmp_path):
    """What the guard says of these entries, as lines."""
    (tmp_path / "server").write_bytes(PROGRAM)

    def told(*operations, selected=HERE, **data):
        fleet, _ = alpha(**{"api_artifact": ENTRY, "zone_artifact": ENTRY, **data})
        call = Call("inventories/alpha.py", operations or ("deploys/all.py",), {})
        return [str(mistake) for mistake in check_artifacts(call, fleet, selected, tmp_path)]

    return told


def test_good_builds(told):
    assert told() == []


def test_every_entry_is_named(told):
    api, zone = told(api_artifact={}, zone_artifact=WITHOUT)
    assert api.startswith("alpha-1: api_artifact: no artifact")
    assert zone.startswith("alpha-1: zone_artifact: there is no nowhere")


@pytest.mark.parametrize(
    ("operations", "refused"),
    [
        (("deploys/all.py",), True),
        (("deploys/base.py", "deploys/game.py"), True),
        # These bring no build onto a droplet.
        (("deploys/verify.py",), False),
        (("exec", "true"), False),
        (("debug-inventory",), False),
    ],
)
def test_files_are_looked_at_only_where_they_are_needed(told, operations, refused):
    assert bool(told(*operations, api_artifact=WITHOUT)) == refused


@pytest.mark.parametrize("selected", [frozenset(), frozenset({"@fake/alpha-1"})])
def test_droplets_that_get_no_build_need_no_file(told, selected):
    assert told(api_artifact=WITHOUT, selected=selected) == []
    # What the inventory says must be right all the same.
    (mistake,) = told(api_artifact={"path": "server"}, selected=selected)
    assert mistake.startswith("alpha-1: api_artifact: 'version': no version")


def test_a_build_that_was_changed_is_refused(told):
    (mistake,) = told(zone_artifact=ENTRY | {"sha256": "a" * 64})
    assert "server has the checksum" in mistake
    assert "asked aaaaaaaaaaaa" in mistake


def test_what_is_no_entry_at_all_is_said_elsewhere(told):
    assert told(api_artifact="server") == []
