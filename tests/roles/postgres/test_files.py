"""PostgreSQL's files: what a reload reads, what needs a restart, and how values are quoted."""

import re

import pytest

from roles.postgres import files
from roles.postgres.settings import settings


def values(text):
    return dict(re.findall(r"^([\w.]+) = '(.*)'$", text, re.MULTILINE))


@pytest.fixture
def laid(alpha):
    def laid(**data):
        return {file.path: file for file in files.files(*alpha(**data))}

    return laid


def test_every_setting_stands_in_the_file_with_its_reason(alpha, laid):
    text = laid()[files.SETTINGS].content
    written = values(text)
    assert written.pop("hba_file") == files.HBA
    assert written.pop("ident_file") == files.IDENT
    tuned = settings(*alpha())
    assert written == {name: setting.text for name, setting in tuned.items()}
    for setting in tuned.values():
        assert f"# {setting.origin}: {setting.reason}\n{setting.name} = " in text


@pytest.mark.parametrize(
    ("wish", "line"),
    [
        ("it's", "application_name = 'it''s'"),
        ("a\\b", "application_name = 'a\\\\b'"),
        ("#no comment", "application_name = '#no comment'"),
    ],
)
def test_odd_wishes_are_quoted(laid, wish, line):
    text = laid(postgres_settings={"application_name": wish})[files.SETTINGS].content
    assert line in text.splitlines()


def test_the_unit_watches_every_file(laid):
    own = {path for path in laid() if not path.startswith("/etc/realmfleet/units/")}
    assert {*files.UNIT.restart, *files.UNIT.reload} == own
    assert files.DROP_IN in files.UNIT.restart
    assert {files.SETTINGS, files.HBA, files.IDENT} == set(files.UNIT.reload)


def test_nobody_but_the_server_reads_them(laid):
    found = laid()
    for path in (files.SETTINGS, files.HBA, files.IDENT):
        file = found[path]
        assert (file.owner, file.group, file.mode) == ("postgres", "postgres", 0o640)
