"""The one renderer: names that are missing raise, and strings are quoted as their readers want."""

import re

import pytest
from jinja2 import UndefinedError

from realmfleet.render import TEMPLATES, conf_quoted, quoted, render


@pytest.mark.parametrize(
    ("text", "in_sql", "in_conf"),
    [
        ("4MB", "'4MB'", "'4MB'"),
        ("it's", "'it''s'", "'it''s'"),
        ("C:\\x", "'C:\\x'", "'C:\\\\x'"),
        ("\\'", "'\\'''", "'\\\\'''"),
        ("", "''", "''"),
    ],
)
def test_strings_are_quoted_as_sql_and_as_postgresql_conf(text, in_sql, in_conf):
    assert (quoted(text), conf_quoted(text)) == (in_sql, in_conf)


def test_a_name_that_is_missing_raises():
    with pytest.raises(UndefinedError, match="keys"):
        render("base/sshd.conf.j2")


def test_the_same_values_give_the_same_bytes():
    assert render("base/sshd.conf.j2", keys="/k") == render("base/sshd.conf.j2", keys="/k")


def test_templates_loop_and_choose_but_do_not_calculate():
    # Sums belong into settings.py, where tests can see them: no operator between two values.
    sums = re.compile(r"\{[{%][^}]*\w\s*[*/+]\s*\w[^}]*[%}]\}")
    assert sums.search("{{ size * 2 }}")
    # Less what is quoted: the names of included files have slashes.
    texts = {path: re.sub(r'"[^"]*"', '""', path.read_text()) for path in TEMPLATES.rglob("*.j2")}
    assert len(texts) > 20
    assert [path.name for path, text in texts.items() if sums.search(text)] == []
