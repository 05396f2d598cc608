"""Operators get an account and their keys; both go from those who have left."""

import pytest


@pytest.fixture
def apply(tmp_path, program):
    keys = tmp_path / "keys"

    def apply(operators, leaving=()):
        payload = {"group": "ops", "keys_directory": str(keys), "operators": operators}
        run = program("set_operators", payload | {"leaving": list(leaving)})
        assert (run.returncode, run.stderr) == (0, "")
        return {path.name: path.read_text() for path in keys.iterdir()}

    return apply


COMMANDS = ("groupadd", "useradd", "usermod", "gpasswd")
# No machine has an account of that name; every machine has root's.
NEW = "realmfleet-newcomer"


def test_a_newcomer_gets_an_account_and_all_keys(tmp_path, apply, fakes):
    calls = fakes(*COMMANDS)
    assert apply({NEW: ["key one", "key two"]}) == {NEW: "key one\nkey two\n"}
    assert calls() == [
        "groupadd -f ops",
        f"useradd -m -s /bin/bash {NEW}",
        f"usermod -a -G ops -e  {NEW}",
    ]
    assert (tmp_path / "keys" / NEW).stat().st_mode & 0o777 == 0o644


def test_who_has_an_account_keeps_it_and_one_who_returns_may_log_in_again(apply, fakes):
    calls = fakes(*COMMANDS)
    apply({"root": ["key"]})
    assert calls() == ["groupadd -f ops", "usermod -a -G ops -e  root"]


def test_who_leaves_loses_keys_password_and_group(apply, fakes):
    calls = fakes(*COMMANDS)
    apply({NEW: ["key"]})
    assert apply({}, leaving=[NEW]) == {}
    assert calls()[-2:] == [f"usermod -e 1 -L {NEW}", f"gpasswd -d {NEW} ops"]
    assert apply({}, leaving=[NEW]) == {}
