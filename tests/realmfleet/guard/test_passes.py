"""What the guard lets through: plan tests, rehearsals, questions to hosts; and Ctrl-C."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from realmfleet.inventory import read_fleet
from realmfleet.secrets import ensure_rehearsal

DEPLOY = "deploys/probe.py"
PYINFRA = str(Path(sys.executable).parent / "pyinfra")


@pytest.fixture(scope="module")
def alpha():
    return read_fleet("alpha")


@pytest.fixture
def fake(alpha, checkout, tmp_path):
    """alpha on pyinfra's fake connector, with the secrets of a rehearsal."""
    path = checkout / "inventories" / "alpha.py"
    path.write_text(path.read_text().replace('"alpha-1"', '"@fake/alpha-1"'))
    folder = tmp_path / "rehearsal"
    ensure_rehearsal(folder, alpha)
    overlay = tmp_path / "group_data"
    overlay.mkdir()
    laid = {"dir": str(folder), "addresses": {"alpha-1": "198.18.0.1"}}
    (overlay / "all.py").write_text(f"rehearsal = {laid!r}\n")
    return ["--group-data", str(overlay), "inventories/alpha.py"]


def test_a_deploy_to_a_fake_droplet(pyinfra, fake):
    answer = pyinfra("-y", *fake, DEPLOY)
    assert answer.code == 0, answer.err
    assert "Say hello" in answer.err


def test_the_silent_port_of_the_other_tests_would_notice(checkout):
    """A question to a droplet with a real address does reach it."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(60)
        port = server.getsockname()[1]
        path = checkout / "inventories" / "alpha.py"
        real = f'"127.0.0.1", "ssh_port": {port}, "public_ip": "198.18.0.1"'
        path.write_text(path.read_text().replace('"203.0.113.11"', real))
        command = [PYINFRA, "inventories/alpha.py", "exec", "--", "true"]
        child = subprocess.Popen(command, cwd=checkout, stderr=subprocess.DEVNULL)
        try:
            server.accept()[0].close()
        finally:
            child.kill()
            child.wait()


def test_several_deploys_and_a_dry_run(pyinfra, fake):
    answer = pyinfra("--dry", "--json", *fake, DEPLOY, DEPLOY)
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)


@pytest.mark.parametrize("limit", ["@fake/alpha-1", "*alpha-1", "postgres", "singapore"])
def test_a_limit_that_matches(pyinfra, fake, limit):
    assert pyinfra("-y", *fake, DEPLOY, "--limit", limit).code == 0


def test_a_rehearsal_without_its_secrets(pyinfra, fake, tmp_path):
    (tmp_path / "rehearsal" / "secrets.age").unlink()
    answer = pyinfra("-y", *fake, DEPLOY)
    path = tmp_path / "rehearsal" / "secrets.age"
    mend = "Run: realmfleet rehearse up alpha"
    assert (answer.code, answer.lines[-1]) == (1, f"{path}: no secrets yet. {mend}")


def test_an_identity_that_others_can_read(pyinfra, fake, tmp_path):
    identity = tmp_path / "rehearsal" / "identity.txt"
    identity.chmod(0o644)
    answer = pyinfra("-y", *fake, DEPLOY)
    line = f"{identity}: others can read it (644). Run: chmod 600 {identity}"
    assert (answer.code, answer.lines) == (1, [line])


def test_questions_to_any_host(pyinfra):
    assert pyinfra("@fake/somebody", "exec", "--", "true").code == 0
    assert pyinfra("@fake/somebody", "fact", "server.Hostname").code == 0
    assert pyinfra("@fake/somebody", "exec", "--limit", "nobody", "--", "true").code == 1


def test_started_from_elsewhere(pyinfra, checkout, tmp_path):
    words = ["--chdir", str(checkout), "inventories/alpha.py", "debug-inventory", "--json"]
    answer = pyinfra(*words, cwd=tmp_path)
    assert (answer.code, json.loads(answer.out)[0]["name"]) == (0, "alpha-1")


def test_every_inventory_of_this_repository_passes(pyinfra):
    for name in ("alpha", "beta", "production"):
        answer = pyinfra(f"inventories/{name}.py", "debug-inventory", "--json")
        assert answer.code == 0, answer.err


def test_ctrl_c_is_no_success(fake, checkout):
    command = [PYINFRA, "-y", *fake, DEPLOY]
    slow = {**os.environ, "PYINFRA_FAKE_DELAY": "30", "PYINFRA_PROGRESS": "off"}
    child = subprocess.Popen(
        command, cwd=checkout, env=slow, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert child.stderr is not None
    said = ""
    while "Starting operation" not in said:
        line = child.stderr.readline()
        assert line, said
        said += line
    child.send_signal(signal.SIGINT)
    said += child.stderr.read()
    assert child.wait(20) == 130
    assert "Interrupted. Run it again" in said
    assert "Traceback" not in said
