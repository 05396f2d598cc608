import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from realmfleet.cli import main
from realmfleet.inventory import ROOT

Realmfleet = Callable[..., "Result"]
VERBS = ["rehearse", "deploy", "verify", "explain", "budget", "secrets", "sizes"]


@dataclass(frozen=True)
class Result:
    """What one command answered."""

    code: int | str | None
    out: str
    err: str


@pytest.fixture
def realmfleet(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Run the command as a terminal would, in this process."""

    def call(*words: str) -> Result:
        with pytest.raises(SystemExit) as caught:
            main.main(list(words))
        return Result(caught.value.code, *capsys.readouterr())

    return call


@pytest.mark.parametrize(
    "words",
    [
        ("rehearse", "up", "alhpa"),
        ("rehearse", "deploy", "alhpa"),
        ("rehearse", "ssh", "alhpa"),
        ("rehearse", "down", "alhpa"),
        ("deploy", "alhpa", "-y"),
        ("verify", "alhpa"),
    ],
)
def test_a_misspelt_fleet_is_named_with_the_nearest_one(
    realmfleet: Realmfleet, words: tuple[str, ...]
) -> None:
    result = realmfleet(*words)
    expected = "inventories/alhpa.py: there is no fleet 'alhpa'. Did you mean 'alpha'?\n"
    assert (result.code, result.out, result.err) == (2, "", expected)


def test_a_misspelt_verb_is_named_with_the_nearest_one(realmfleet: Realmfleet) -> None:
    result = realmfleet("rehearse", "upp", "alpha")
    assert result.code == 2
    assert "Did you mean 'up'?" in result.err


def test_a_real_deploy_without_anybody_to_ask_wants_a_clear_word(realmfleet: Realmfleet) -> None:
    result = realmfleet("deploy", "alpha")
    assert result.code == 2
    assert "add -y, or --dry" in result.err


def test_a_fleet_that_is_not_rehearsed_names_the_next_step(
    realmfleet: Realmfleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REALMFLEET_STAGE", "never")
    for words in (("rehearse", "deploy", "beta"), ("verify", "beta", "--rehearsed")):
        result = realmfleet(*words)
        assert result.code == 1
        assert result.err == "beta is not rehearsed yet. Run: realmfleet rehearse up beta\n"


def test_help_lists_every_verb(realmfleet: Realmfleet) -> None:
    shown = realmfleet("--help").out
    assert [verb for verb in VERBS if f"\n  {verb}" not in shown] == []


@pytest.mark.parametrize(
    "words",
    [
        *([verb] for verb in ("rehearse", "deploy", "verify", "sizes")),
        *(["rehearse", v] for v in ("up", "deploy", "verify", "ssh", "logs", "show", "down")),
    ],
    ids=" ".join,
)
def test_every_help_teaches_by_an_example(realmfleet: Realmfleet, words: list[str]) -> None:
    result = realmfleet(*words, "--help")
    assert result.code == 0
    assert f"realmfleet {' '.join(words)}" in result.out.split("Example", 1)[1]


def test_sizes_are_told_to_programs(realmfleet: Realmfleet) -> None:
    sizes = json.loads(realmfleet("sizes", "--json").out)
    assert sizes["s-2vcpu-4gb"]["memory_mb"] == 4096
    assert sizes["s-2vcpu-4gb"]["vcpus"] == 2


def test_control_c_ends_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(main.realmfleet, "main", interrupted)
    with pytest.raises(SystemExit) as caught:
        main.main([])
    assert caught.value.code == 130
    assert capsys.readouterr().err == "Stopped. Run the same command again to go on.\n"


def test_the_checkout_is_where_the_inventories_are() -> None:
    assert (ROOT / "inventories" / "alpha.py").exists()
