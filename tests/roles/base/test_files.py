"""The base's files: nothing starts by itself while packages come, and units leave a stamp."""

import os
import subprocess

import pytest

from realmfleet.units import STAMP
from roles.base import files


@pytest.fixture
def laid(alpha):
    return {file.path: file for file in files.files(*alpha())}


@pytest.mark.parametrize(("installing", "code"), [("1", 101), ("", 0)])
def test_services_start_by_themselves_but_not_while_we_install(tmp_path, installing, code):
    (policy,) = (f for f in files.before_packages() if f.path == "/usr/sbin/policy-rc.d")
    script = tmp_path / "policy-rc.d"
    script.write_text(policy.content)
    env = {**os.environ, "REALMFLEET_INSTALL": installing}
    assert subprocess.run(["sh", script], env=env, check=False).returncode == code
    assert policy.mode == 0o755


def test_every_unit_of_the_vendors_leaves_a_stamp_when_it_starts(laid):
    for unit in files.UNITS:
        if unit.restart or unit.reload:
            drop_in = laid[f"/etc/systemd/system/{unit.name}.d/50-realmfleet.conf"]
            assert f"ExecStartPre=+-{STAMP} started %n" in drop_in.content
            listed = laid[f"/etc/realmfleet/units/{unit.name}"].content
            watched = {line.split()[1] for line in listed.splitlines()}
            assert watched == {*unit.restart, *unit.reload} <= set(laid)


def test_what_lets_people_in_is_not_for_everybodys_eyes(laid):
    assert laid[files.SSHD].mode == 0o600
    assert laid[files.SUDOERS].mode == 0o440


def test_ssh_takes_keys_only(laid):
    lines = laid[files.SSHD].content.splitlines()
    for line in ("PasswordAuthentication no", "KbdInteractiveAuthentication no"):
        assert line in lines
    assert "PermitRootLogin prohibit-password" in lines


def test_every_file_that_a_program_reads_is_checked_by_it():
    for path in (files.SSHD, files.SUDOERS, files.CHRONY):
        assert f"$STAGE{path}" in files.CHECK
