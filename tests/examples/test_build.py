import hashlib

import pytest

from realmfleet.inventory import ROOT


@pytest.fixture
def sources(tmp_path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "main.gd").write_text("extends Node\n")
    (tmp_path / "tests" / "run.gd").write_text("extends SceneTree\n")
    (tmp_path / ".import").mkdir()
    (tmp_path / ".import" / "cache").write_text("1")
    return tmp_path


@pytest.fixture
def dist(build, tmp_path, monkeypatch):
    """A folder for artifacts of its own, and the zone's part."""
    monkeypatch.setattr(build, "DIST", tmp_path / "dist")
    build.DIST.mkdir()
    return build.DIST


def zone(parts, version="1.0.0"):
    return next(part for part in parts.parts(version) if part.folder == "zone")


def test_hidden_files_are_no_sources(parts, sources):
    names = [str(path.relative_to(sources)) for path in parts.files_of(sources)]
    assert names == ["main.gd", "tests/run.gd"]


def test_a_folder_that_is_not_there_has_no_files(parts, sources):
    assert parts.files_of(sources / "absent") == ()


def test_the_stamp_follows_sources_builder_and_version(parts, sources):
    api = parts.parts("1.0.0")[0]
    first = parts.stamp(api, sources, "image:1")
    assert first == parts.stamp(api, sources, "image:1")
    others = {
        parts.stamp(api, sources, "image:2"),
        parts.stamp(parts.parts("1.0.1")[0], sources, "image:1"),
    }
    (sources / "main.gd").write_text("extends Node2D\n")
    others.add(parts.stamp(api, sources, "image:1"))
    (sources / "main.gd").rename(sources / "other.gd")
    others.add(parts.stamp(api, sources, "image:1"))
    assert len(others - {first}) == 4


def test_the_stamp_does_not_follow_hidden_files(parts, sources):
    before = parts.stamp(zone(parts), sources, "image:1")
    (sources / ".import" / "cache").write_text("2")
    assert parts.stamp(zone(parts), sources, "image:1") == before


def test_the_checksum_lies_beside_as_sha256sum_writes_it(parts, build, dist):
    build._keep(zone(parts), b"pack", "mark")
    digest = hashlib.sha256(b"pack").hexdigest()
    assert (dist / "zone.pck.sha256").read_text() == f"{digest}  zone.pck\n"
    assert sorted(path.name for path in dist.iterdir()) == [
        ".zone.pck.stamp",
        "zone.pck",
        "zone.pck.sha256",
    ]


@pytest.mark.parametrize("name", ["zone.pck", "zone.pck.sha256", ".zone.pck.stamp"])
def test_what_is_lost_or_not_our_own_is_built_again(parts, build, dist, name):
    part = zone(parts)
    mark = build.stamp(part, build.GAME / part.folder, build.RECIPE.tag)
    build._keep(part, b"pack", mark)
    assert build._up_to_date(part)
    (dist / name).write_bytes(b"something else")
    assert not build._up_to_date(part)
    (dist / name).unlink()
    assert not build._up_to_date(part)


def test_the_version_is_a_plain_one_and_goes_into_the_api(parts):
    version = (ROOT / "examples/game/VERSION").read_text().strip()
    assert version.replace(".", "").isdigit()
    assert f"main.version={version}" in parts.parts(version)[0].steps[-1][1]


def test_artifacts_are_never_in_git():
    assert "examples/game/dist/" in (ROOT / ".gitignore").read_text().splitlines()
