"""`realmfleet secrets` as somebody types it, in a checkout and with an identity of its own."""

import io
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import realmfleet
from realmfleet.cli import secrets as verbs
from realmfleet.cli.main import main
from realmfleet.inventory import read_fleet
from realmfleet.secrets import Store
from realmfleet.secrets.place import place_of
from tests.realmfleet.secrets.pems import certificate, ec_key, key_pem, pem

ROOT = Path(realmfleet.__file__).parents[1]
COMMAND = str(Path(sys.executable).parent / "realmfleet")
NAME = "redis_admin_password"
VALUE = "a-value-that-nobody-guesses"


class Answer(NamedTuple):
    """What one command answered."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="module")
def alpha():
    return read_fleet("alpha")


@pytest.fixture
def identity(tmp_path, monkeypatch):
    path = tmp_path / "home" / "identity.txt"
    monkeypatch.setenv("REALMFLEET_IDENTITY", str(path))
    return path


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "repository" / "inventories" / "secrets"


@pytest.fixture
def run(alpha, identity, folder, monkeypatch, capsys):
    """The command in this process, on a repository of the test's own."""
    assert not identity.exists()
    root = folder.parents[1]
    known = {"alpha": alpha}

    def read(name):
        return known[name] if name in known else read_fleet(name)

    monkeypatch.setattr(verbs, "read_fleet", read)
    monkeypatch.setattr(verbs, "place_of", lambda fleet: place_of(fleet, root))
    monkeypatch.setattr(verbs, "store_for", lambda fleet: Store(place_of(fleet, root)))

    def run(*words, given=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        with pytest.raises(SystemExit) as caught:
            main(["secrets", *words])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Answer(caught.value.code, said.out, said.err)

    return run


@pytest.fixture
def made(run):
    """The answer of the first `init`; the store stands afterwards."""
    return run("init", "alpha")


def test_init_makes_identity_recipients_and_store(made, identity, folder):
    assert made.code == 0, made.err
    assert f"Made your identity: {identity}" in made.err
    assert "Back it up" in made.err
    assert "alpha.age: " in made.err
    assert {path.name for path in folder.iterdir()} == {"alpha.age", "recipients.txt"}
    assert identity.stat().st_mode & 0o777 == 0o600


def test_a_second_init_changes_nothing(made, run, folder):
    before = (folder / "alpha.age").read_bytes()
    again = run("init", "alpha")
    assert (made.code, again.code) == (0, 0)
    assert "0 of them new" in again.err
    assert (folder / "alpha.age").read_bytes() == before


def test_list_says_what_is_missing(run, identity):
    listed = run("list", "alpha")
    assert (listed.code, "missing" in listed.out) == (0, True)
    assert not identity.exists()


@pytest.mark.usefixtures("made")
def test_list_shows_names_and_ages_and_no_value(run, folder, identity):
    listed = run("list", "alpha")
    assert listed.code == 0
    store = Store.open(folder / "alpha.age", identity)
    for name in store.names():
        assert name in listed.out
        assert store.get(name) not in listed.out + listed.err
    assert "just made" in listed.out


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("tail", ["", "\n", "\r\n"])
def test_set_reads_standard_input(run, folder, identity, tail):
    done = run("set", "alpha", NAME, given=VALUE + tail)
    assert (done.code, VALUE in done.out + done.err) == (0, False)
    assert Store.open(folder / "alpha.age", identity).get(NAME) == VALUE


@pytest.mark.usefixtures("made")
def test_a_short_value_is_warned_about_and_an_odd_one_refused(run):
    assert "It is short" in run("set", "alpha", NAME, given="hunter2").err
    for odd in ("", "two words", "two\nlines\n"):
        refused = run("set", "alpha", NAME, given=odd)
        assert refused.code != 0
        assert refused.err.startswith(f"{NAME}: the value ")


@pytest.mark.usefixtures("made")
def test_unknown_names(run):
    refused = run("set", "alpha", "redis_admin_pasword", given=VALUE)
    assert refused.code == 2
    assert refused.err.endswith("Did you mean 'redis_admin_password'?\n")
    refused = run("list", "alhpa")
    assert refused.code == 2
    assert refused.err.endswith("Did you mean 'alpha'?\n")


@pytest.mark.usefixtures("made")
def test_an_identity_that_others_can_read(run, identity):
    identity.chmod(0o644)
    refused = run("list", "alpha")
    assert refused.code == 1
    assert refused.err == f"{identity}: others can read it (644). Run: chmod 600 {identity}\n"


@pytest.mark.usefixtures("made")
def test_a_second_operator_is_told_what_to_do(run, tmp_path, monkeypatch):
    second = tmp_path / "second.txt"
    monkeypatch.setenv("REALMFLEET_IDENTITY", str(second))
    refused = run("init", "alpha")
    assert refused.code == 1
    assert "it is not sealed for this identity" in refused.err
    (key,) = [word for word in second.read_text().split() if word.startswith("age1")]
    assert key in refused.err


@pytest.mark.usefixtures("made")
def test_an_operator_who_comes_and_goes(run, folder, tmp_path, monkeypatch):
    with monkeypatch.context() as second:
        second.setenv("REALMFLEET_IDENTITY", str(tmp_path / "second.txt"))
        run("init", "alpha")
    words = (tmp_path / "second.txt").read_text().split()
    recipients = folder / "recipients.txt"
    alone = recipients.read_text()
    recipients.write_text(alone + next(word for word in words if word.startswith("age1")) + "\n")
    assert "Sealed anew for 2 keys." in run("init", "alpha").err
    recipients.write_text(alone)
    assert "Whoever was taken out knows the values" in run("init", "alpha").err


def test_init_says_what_only_an_operator_can_give(made, run, folder, identity):
    assert "Still to give: haproxy_certificate, the edge's certificate" in made.err
    assert "realmfleet secrets set alpha haproxy_certificate < FILE" in made.err
    assert "haproxy_certificate" not in Store.open(folder / "alpha.age", identity).names()
    key = ec_key()
    own = pem(certificate("api.example.com", key, names=["api.example.com"], days=20000))
    refused = run("set", "alpha", "haproxy_certificate", given=own)
    assert refused.code != 0
    assert refused.err.startswith("haproxy_certificate: it holds no private key. Append")
    done = run("set", "alpha", "haproxy_certificate", given=own + key_pem(key))
    assert done.code == 0
    assert "days), for api.example.com." in done.err
    assert "PRIVATE" not in done.err + done.out
    assert "Still to give: haproxy" not in run("init", "alpha").err


def on_terminal(checkout, environment, *words):
    """Exit code and output with a terminal as standard output."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [COMMAND, "secrets", *words], cwd=checkout, env=environment, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            chunk = os.read(ours, 4096)
        except OSError:  # Linux says so when the other end is closed.
            break
        if not chunk:
            break
        said += chunk
    os.close(ours)
    return child.wait(), said.decode()


def test_reveal_speaks_to_a_terminal_only(tmp_path):
    """In a copy, so that no store of the real checkout is touched."""
    root = tmp_path / "repository"
    for room in ("realmfleet", "roles", "inventories", "examples/game/schema"):
        shutil.copytree(
            ROOT / room, root / room, ignore=shutil.ignore_patterns("*.pyc", "secrets.age")
        )
    shutil.rmtree(root / "inventories" / "secrets", ignore_errors=True)
    shutil.copy(ROOT / "config.py", root)
    identity = str(tmp_path / "identity.txt")
    environment = {**os.environ, "PYTHONPATH": str(root), "REALMFLEET_IDENTITY": identity}
    for words, given in ((["init", "alpha"], ""), (["set", "alpha", NAME], VALUE)):
        subprocess.run(
            [COMMAND, "secrets", *words], cwd=root, env=environment, input=given, text=True,
            capture_output=True, check=True,
        )  # fmt: skip
    assert (root / "inventories" / "secrets" / "alpha.age").exists()
    code, shown = on_terminal(root, environment, "reveal", "alpha", NAME)
    assert (code, shown.strip()) == (0, VALUE)
    refused = subprocess.run(
        [COMMAND, "secrets", "reveal", "alpha", NAME], cwd=root, env=environment, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "on a terminal only" in refused.stderr
