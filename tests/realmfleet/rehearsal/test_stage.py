from pathlib import Path

import pytest

from realmfleet.rehearsal.errors import RehearsalError
from realmfleet.rehearsal.stage import Stage


def test_names_tell_checkouts_stages_and_fleets_apart() -> None:
    stages = [
        Stage(Path("/a"), "alpha"),
        Stage(Path("/b"), "alpha"),
        Stage(Path("/a"), "beta"),
        Stage(Path("/a"), "alpha", "test"),
    ]
    assert len({stage.container("alpha-1") for stage in stages}) == len(stages)
    assert len({stage.network for stage in stages}) == len(stages)
    assert len({stage.dir for stage in stages}) == len(stages)
    assert len({stage.logs for stage in stages}) == len(stages)


def test_a_container_is_named_after_checkout_fleet_and_droplet() -> None:
    stage = Stage(Path("/somewhere"), "alpha")
    assert stage.checkout == "2059b43e"
    assert stage.container("alpha-1") == "realmfleet-2059b43e-alpha-alpha-1"


def test_all_fleets_of_a_checkout_share_their_packages() -> None:
    volumes = {Stage(Path("/a"), fleet, name).apt_volume for fleet in "ab" for name in ("", "t")}
    assert len(volumes) == 1


def test_an_unnamed_stage_does_not_match_a_named_one() -> None:
    named = Stage(Path("/a"), "alpha", "test").label_filter["label"]
    assert "realmfleet.stage=" in Stage(Path("/a"), "alpha").label_filter["label"]
    assert "realmfleet.stage=test" in named


@pytest.mark.parametrize("name", ["../x", "A", "a b", "a-b"])
def test_a_stage_name_that_would_leave_its_folder_is_refused(name: str) -> None:
    with pytest.raises(RehearsalError, match="letters and digits"):
        Stage(Path("/a"), "alpha", name)
