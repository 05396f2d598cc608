"""Migrations: read in order, each applied once, history that differs refused."""

import pytest

from realmfleet.settings import WishError
from roles.postgres import migrations
from roles.postgres.migrations import Migration, mistakes_in, read, script
from roles.postgres.verify import judge_migrations

OWNED = {"campaign": ("campaign_owner", "campaign, public")}
FIRST = Migration(1, "0001_saves.sql", "create table saves ();")
SECOND = Migration(2, "0002_events.sql", "create table events ();")


def applied(*files):
    return {"campaign": {file.name: file.sha256 for file in files}}


@pytest.fixture
def folder(tmp_path):
    for name, text in (("0002_b.sql", "select 2"), ("0001_a.sql", "select 1")):
        (tmp_path / name).write_text(text)
    return tmp_path


def test_files_come_in_the_order_of_their_numbers(folder):
    assert [m.version for m in read(folder)] == [1, 2]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("3_c.sql", "select 3", "no plain name"),
        ("0002_c.sql", "select 3", "0002_b.sql has the same number"),
        ("0003_c.sql", "begin;\nselect 3;", "'begin;': the whole file is one transaction"),
        ("0003_c.sql", "select 3;\n COMMIT ;", "'COMMIT ;': the whole file is one transaction"),
    ],
)
def test_a_slip_in_the_folder_is_named(folder, name, text, said):
    (folder / name).write_text(text)
    assert said in " ".join(str(m) for m in mistakes_in("here", folder))
    with pytest.raises(WishError):
        read(folder)


def test_a_function_body_may_say_begin(folder):
    body = "create function f() returns int language plpgsql as $$\nbegin\nreturn 1; end $$"
    (folder / "0003_c.sql").write_text(body)
    assert not list(mistakes_in("here", folder))


def test_only_what_is_missing_is_applied():
    text = script(OWNED, {"campaign": (FIRST, SECOND)}, applied(FIRST))
    assert "create table events" in text
    assert "create table saves" not in text
    assert "set local role campaign_owner" in text
    assert script(OWNED, {"campaign": (FIRST, SECOND)}, applied(FIRST, SECOND)) == ""


def test_each_file_and_its_record_are_one_transaction():
    text = script(OWNED, {"campaign": (FIRST, SECOND)}, {})
    for part in text.split("begin;")[2:]:
        assert part.index("insert into realmfleet.migration") < part.index("create table")
        assert part.count("commit;") == 1


@pytest.mark.parametrize(
    ("files", "there", "said"),
    [
        ((FIRST,), applied(FIRST, SECOND), "deploy from a newer one"),
        ((Migration(1, FIRST.name, "edited"),), applied(FIRST), "was changed after it was applied"),
        ((FIRST, SECOND), applied(SECOND), "renumber it"),
    ],
)
def test_history_that_differs_is_refused(files, there, said):
    with pytest.raises(ValueError, match=said):
        script(OWNED, {"campaign": files}, there)


def test_the_inventory_names_a_folder_that_exists():
    assert list(mistakes_in("here", migrations.ROOT / "nowhere"))


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        (f"campaign {FIRST.name} {FIRST.sha256}", 0),
        ("", 1),
        (f"campaign {FIRST.name} edited", 1),
        (f"campaign {FIRST.name} {FIRST.sha256}\ncampaign 0009_x.sql abc", 1),
    ],
)
def test_verify_finds_what_is_not_as_it_lies(answer, faults):
    assert len(judge_migrations({"campaign": (FIRST,)}, answer).faults) == faults
