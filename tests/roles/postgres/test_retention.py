"""Retention: which tables keep their rows for how long, and the timer that sees to it."""

import pytest

from roles.postgres.retention import mistakes_in


@pytest.mark.parametrize("entry", [None, {}, {"campaign.events": 30}])
def test_plain_entries_pass(entry):
    assert not list(mistakes_in("here", entry))


@pytest.mark.parametrize(
    "entry",
    [["events"], {"events": 30}, {"a.b; drop": 1}, {"a.b": 0}, {"a.b": "30"}, {"a.b": True}],
)
def test_odd_ones_are_named(entry):
    assert list(mistakes_in("here", entry))
