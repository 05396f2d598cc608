"""What the guard wrote can be read back, to the letter."""

import pytest

from realmfleet.fleet import Mistake
from realmfleet.guard.report import refuse, told
from realmfleet.guard.selection import check_selection, selected

MISTAKES = (
    Mistake("--limit x", "no droplet and no group", "Known: a, b."),
    Mistake("db-1: size", "unknown size 's'", "Did you mean 't'?"),
)


def test_refusing_and_reading_it_back(capsys):
    with pytest.raises(SystemExit) as caught:
        refuse(MISTAKES)
    assert caught.value.code == 1
    said = capsys.readouterr().err
    assert [str(mistake) for mistake in told(said)] == [str(mistake) for mistake in MISTAKES]
    assert told("--> Loading config...\n    something else\n") == ()


HOSTS = [
    {"name": "a-1", "groups": ["api", "beta"]},
    {"name": "a-2", "groups": ["api", "beta"]},
    {"name": "z-1", "groups": ["zone", "beta"]},
]


@pytest.mark.parametrize(
    ("limit", "exclude", "names"),
    [
        ([], [], "a-1 a-2 z-1"),
        (["api"], [], "a-1 a-2"),
        (["a-?"], ["a-2"], "a-1"),
        (["a-1", "zone"], [], "a-1 z-1"),
        ([], ["api"], "z-1"),
        (["beta"], ["zone", "a-2"], "a-1"),
    ],
)
def test_whom_a_run_means(limit, exclude, names):
    assert " ".join(sorted(selected(HOSTS, limit, exclude))) == names
    assert not [*check_selection(HOSTS, limit, exclude)]


@pytest.mark.parametrize(
    ("limit", "exclude", "count"),
    [(["apo"], [], 1), (["apo"], ["b"], 2), (["api"], ["api"], 1), ([], ["beta"], 1)],
)
def test_patterns_that_mean_nobody(limit, exclude, count):
    assert len([*check_selection(HOSTS, limit, exclude)]) == count
