"""Settings in layers: who wins, and what is refused."""

import pytest

from realmfleet.settings import (
    ForbiddenError,
    Setting,
    WishError,
    check_allowed,
    check_names,
    lay,
)

ADVICE = [Setting("work_mem", "4MB", "small"), Setting("fsync", True, "safe")]
MUST = [Setting("fsync", True, "power loss")]


def test_recommended_below_wish_below_required():
    laid = lay(ADVICE, {"work_mem": "8MB", "jit": False}, MUST, "x: postgres_settings")
    assert {name: (s.text, s.origin) for name, s in laid.items()} == {
        "work_mem": ("8MB", "wish"),
        "fsync": ("on", "required"),
        "jit": ("off", "wish"),
    }
    assert laid["work_mem"].reason == "asked for in x: postgres_settings"


def test_a_wish_for_what_is_required_anyway_is_granted():
    assert lay(ADVICE, {"fsync": "on"}, MUST)["fsync"].origin == "required"


def test_a_wish_against_what_is_required_names_entry_and_reason():
    with pytest.raises(ForbiddenError) as refused:
        lay(ADVICE, {"fsync": False}, MUST, "alpha-1: postgres_settings")
    (mistake,) = refused.value.mistakes
    assert mistake.entry == "alpha-1: postgres_settings"
    assert "power loss" in mistake.what
    assert isinstance(refused.value, WishError)


def test_names_are_checked_all_at_once():
    with pytest.raises(WishError) as refused:
        check_names({"wrk_mem": 1, "xyzzy": 2, "jit": 3}, ["work_mem", "jit"], "here")
    assert [str(mistake) for mistake in refused.value.mistakes] == [
        "here: unknown setting 'wrk_mem'. Did you mean 'work_mem'?",
        "here: unknown setting 'xyzzy'. Look its name up in upstream's documentation.",
    ]


def test_some_names_are_never_allowed():
    with pytest.raises(ForbiddenError, match="Debian's"):
        check_allowed({"data_directory": "/x"}, {"data_directory": "Debian's"}, "here")
