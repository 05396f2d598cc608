import os
import socket
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from realmfleet.rehearsal import machine
from realmfleet.rehearsal.errors import RehearsalError


def _serve(path: Path, answer: bytes) -> threading.Thread:
    """An engine that gives one answer."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()

    def once() -> None:
        with server, server.accept()[0] as connection:
            asked = connection.recv(1000)
            host = b"\r\nHost: localhost\r\n" in asked
            connection.sendall(answer if host else b"HTTP/1.1 400 Bad Request\r\n\r\n")

    thread = threading.Thread(target=once)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK", True),
        (b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", False),
        (b"garbage", False),
    ],
)
def test_an_engine_is_asked(tmp_path: Path, answer: bytes, expected: bool) -> None:
    thread = _serve(tmp_path / "socket", answer)
    assert machine.answers(tmp_path / "socket") is expected
    thread.join()


def test_a_socket_nobody_listens_on_is_no_engine(tmp_path: Path) -> None:
    assert not machine.answers(tmp_path / "absent")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "left over"))
    assert not machine.answers(tmp_path / "left over")


def test_missing_rights_are_told_apart_from_a_missing_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_self: object) -> None:
        raise PermissionError

    monkeypatch.setattr(machine._UnixConnection, "connect", refuse)
    with pytest.raises(RehearsalError, match="usermod -aG docker"):
        machine.answers()


def test_only_what_is_missing_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dockerd").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine.missing_packages(["dockerd"]) == ()
    assert machine.missing_packages(["no-such-command"]) == ("no-such-command",)


@pytest.mark.parametrize(
    ("pid", "stat", "expected"),
    [
        ("12", "12 (dockerd) S 1", False),
        ("12", "12 (dockerd) Z 1", True),  # killed, and PID 1 is no init that would bury it
        ("12", "12 (a (b) c) S 1", True),  # the number was given to another program
        ("13", "12 (dockerd) S 1", True),
        ("", "12 (dockerd) S 1", True),
    ],
)
def test_a_pid_file_is_stale_unless_its_program_lives(
    tmp_path: Path, pid: str, stat: str, expected: bool
) -> None:
    (tmp_path / "12").mkdir()
    (tmp_path / "12" / "stat").write_text(stat)
    (tmp_path / "docker.pid").write_text(pid)
    assert machine.stale(tmp_path / "docker.pid", "dockerd", tmp_path) is expected


def test_no_pid_file_is_not_stale(tmp_path: Path) -> None:
    assert not machine.stale(tmp_path / "docker.pid", "dockerd")


def _recorder(
    orders: list[list[str]], code: Callable[[list[str]], int]
) -> Callable[[Sequence[str]], subprocess.CompletedProcess[str]]:
    def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        orders.append(list(command))
        return subprocess.CompletedProcess(command, code(list(command)), "", "first\nE: last\n\n")

    return run


def test_a_failed_installation_is_mended_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    orders: list[list[str]] = []

    def code(order: list[str]) -> int:
        updated = any("update" in earlier for earlier in orders)
        return 0 if "install" not in order or updated else 100

    monkeypatch.setattr(machine, "_run", _recorder(orders, code))
    monkeypatch.setattr(machine, "as_root", lambda _purpose: [])
    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/usr/bin/{name}")
    machine.install(["docker.io"])
    verbs = [
        next(w for w in order if w in ("install", "--configure", "update")) for order in orders
    ]
    assert verbs == ["install", "--configure", "update", "install"]


def test_an_impossible_installation_says_why_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_run", _recorder([], lambda _order: 100))
    monkeypatch.setattr(machine, "as_root", lambda _purpose: [])
    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(RehearsalError) as caught:
        machine.install(["docker.io"])
    assert str(caught.value) == "apt-get could not install docker.io: E: last"


def test_no_apt_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.shutil, "which", lambda _name: None)
    with pytest.raises(RehearsalError, match=r"Please install docker\.io: .* no apt-get"):
        machine.install(["docker.io"])


def test_without_root_and_without_sudo_the_purpose_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(machine.shutil, "which", lambda _name: "/usr/bin/sudo")
    monkeypatch.setattr(machine, "_run", _recorder([], lambda _order: 1))
    with pytest.raises(RehearsalError, match=r"needs root: apt-get install docker\.io\."):
        machine.as_root("apt-get install docker.io")
    monkeypatch.setattr(machine, "_run", _recorder([], lambda _order: 0))
    assert machine.as_root("anything") == ["sudo", "-n"]
