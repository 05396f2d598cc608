"""Statements that are tried: how they are put to psql, and how their outcome is judged."""

import pytest

from realmfleet.verify.trials import Trial, faults, made, script

TRIALS = (Trial("select 1", works=True), Trial("drop schema world", works=False))


def test_nothing_stays():
    lines = script(TRIALS, "application", made("world", "world_owner")).splitlines()
    assert lines.index("begin;") < lines.index("set local role world_owner;")
    assert lines.index("set local role application;") < lines.index("select 1;")
    assert lines[-1] == "rollback;"
    assert "commit" not in " ".join(lines)


@pytest.mark.parametrize(
    ("outcomes", "found"),
    [
        (("00000", "42501"), []),
        (("00000", "25006"), []),
        (("42501", "42501"), ["cannot 'select 1' (SQLSTATE 42501)"]),
        (("00000", "00000"), ["is not refused 'drop schema world' (SQLSTATE 00000)"]),
        # Not for want of rights: with the right objects it would have worked.
        (("00000", "2BP01"), ["is not refused 'drop schema world' (SQLSTATE 2BP01)"]),
    ],
)
def test_outcomes(outcomes, found):
    answer = "".join(f"ERROR: x\nsaid {n} {state}\n" for n, state in enumerate(outcomes))
    told = list(faults(TRIALS, "application in world", answer))
    assert len(told) == len(found)
    assert all(part in line for part, line in zip(found, told, strict=True))


def test_a_statement_that_was_not_tried_is_no_success():
    with pytest.raises(LookupError):
        list(faults(TRIALS, "application", "psql: error: no server\n"))
