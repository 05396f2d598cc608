"""Facts from what droplets really answered; where the commands run anywhere, by running them."""

import hashlib
import subprocess

import pytest

from realmfleet.facts.firewall import Firewall, FirewallState
from realmfleet.facts.kernel import Kernel, KernelState
from realmfleet.facts.operators import KEYS, Operators
from realmfleet.facts.packages import Packages, PackageState
from realmfleet.facts.postgres import Access, Cluster, PendingRestart
from realmfleet.facts.tree import Texts, Tree
from realmfleet.facts.units import Machine, Units, UnitState
from realmfleet.files import PathState


def processed(fact, text):
    return fact().process(text.splitlines())


def asked(fact, **arguments):
    """A fact's command run here, and what the fact makes of it."""
    command = ["sh", "-c", fact().command(**arguments)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 0
    return processed(fact, answer.stdout)


A, B = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{A} {B} {B} enabled\n", FirewallState(A, B, B, enabled=True)),
        (f"{A} {B} {A} not-found\n", FirewallState(A, B, A, enabled=False)),
        (f"none none {A}\n", FirewallState("none", "none", A, enabled=False)),
    ],
)
def test_firewall(text, expected):
    assert processed(Firewall, text) == expected


def test_kernel():
    text = """value /proc/sys/net/ipv4/tcp_rmem 4096 131072 4194304
fixed /proc/sys/net/core/rmem_default
value /proc/sys/vm/swappiness 1
value /sys/kernel/mm/transparent_hugepage/enabled always [madvise] never
fixed /sys/kernel/mm/transparent_hugepage/enabled
container
swap 2047
"""
    thp = "/sys/kernel/mm/transparent_hugepage/enabled"
    values = {
        "/proc/sys/net/ipv4/tcp_rmem": "4096 131072 4194304",
        "/proc/sys/vm/swappiness": "1",
        thp: "always [madvise] never",
    }
    fixed = frozenset({"/proc/sys/net/core/rmem_default", thp})
    assert processed(Kernel, text) == KernelState(values, fixed, container=True, swap_mb=2047)
    assert processed(Kernel, "swap 0\n") == KernelState({}, frozenset(), False, 0)


def test_operators():
    text = f"""member ann
member bob
{KEYS}/ann:ssh-ed25519 AAAA ann@home
{KEYS}/ann:ssh-ed25519 BBBB ann@work: second
{KEYS}/gone:ssh-rsa CCCC
"""
    assert processed(Operators, text) == {
        "ann": ["ssh-ed25519 AAAA ann@home", "ssh-ed25519 BBBB ann@work: second"],
        "bob": [],
        "gone": ["ssh-rsa CCCC"],
    }
    assert processed(Operators, "") == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", PackageState()),
        (
            "postgresql-17 install ok installed\nredis-server hold ok installed\n",
            PackageState(frozenset({"postgresql-17", "redis-server"}), frozenset({"redis-server"})),
        ),
        ("redis-server install ok unpacked\n", PackageState()),
        ("redis-server install reinstreq half-installed\n", PackageState()),
        ("redis-server deinstall ok config-files\n", PackageState()),
        ("redis-server unknown ok not-installed\n", PackageState()),
        ("dpkg is interrupted\ndpkg is interrupted\n", PackageState(whole=False)),
    ],
)
def test_packages(text, expected):
    assert processed(Packages, text) == expected


def test_units():
    text = """Id=nope.service
ActiveState=inactive
UnitFileState=
NeedDaemonReload=no

Id=redis-server@session.service
ActiveState=active
UnitFileState=enabled
NeedDaemonReload=yes

Id=ssh.service
ActiveState=reloading
UnitFileState=static
NeedDaemonReload=no

Id=pgbouncer.service
ActiveState=failed
UnitFileState=disabled
NeedDaemonReload=no

container
redis-server@session.service restart
ssh.service restart
ssh.service reload
"""
    units = {
        "nope.service": UnitState(),
        "redis-server@session.service": UnitState(True, True, True, frozenset({"restart"})),
        "ssh.service": UnitState(True, True, False, frozenset({"restart", "reload"})),
        "pgbouncer.service": UnitState(),
    }
    assert processed(Units, text) == Machine(units, container=True)


def test_a_real_machine_is_no_container():
    text = "Id=a\nActiveState=active\nUnitFileState=indirect\nNeedDaemonReload=no\n\n"
    machine = processed(Units, text)
    assert machine == Machine({"a": UnitState(active=True, enabled=True)}, container=False)


@pytest.mark.parametrize(
    ("unit", "read", "own", "hidden"),
    [
        ("game.service", "/usr/lib/systemd/system/game.service", "game.service", True),
        ("game.service", "/etc/systemd/system/game.service", "game.service", False),
        ("game.service", "/usr/lib/systemd/system/game.service", "other.service", False),
        # Not read at all: the next start reads it.
        ("game.service", "", "game.service", False),
        ("game@a.service", "/usr/lib/systemd/system/game@.service", "game@.service", True),
        ("game@a.service", "/usr/lib/systemd/system/game@.service", "game@a.service", True),
        ("game@a.service", "/etc/systemd/system/game@.service", "game@.service", False),
        ("game@a.timer", "/usr/lib/systemd/system/game@.timer", "game@.service", False),
    ],
)
def test_a_unit_that_hides_the_one_which_systemd_has_read_needs_a_reload(unit, read, own, hidden):
    text = (
        f"Id={unit}\nActiveState=active\nUnitFileState=enabled\nNeedDaemonReload=no\n"
        f"FragmentPath={read}\n\nown /etc/systemd/system/{own}\n"
    )
    assert processed(Units, text).units[unit].needs_daemon_reload == hidden


def test_cluster():
    assert processed(Cluster, "made\n") is True
    assert processed(Cluster, "") is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("max_connections\ntimescaledb.x\n", ["max_connections", "timescaledb.x"]),
        ("", []),
        # A server that does not run: only while looking ahead.
        ('psql: error: connection to server on socket "/run/..." failed\n', []),
    ],
)
def test_pending_restart(text, expected):
    assert processed(PendingRestart, text) == expected


def test_access():
    text = 'postgres {"roles" : {"a b" : null}}\nworld {"schemas" : null}\n'
    assert processed(Access, text) == {
        "postgres": {"roles": {"a b": None}},
        "world": {"schemas": None},
    }
    assert processed(Access, "") == {}


def test_tree_and_texts_of_files_that_lie_here(tmp_path):
    odd, empty, folder = tmp_path / "with space", tmp_path / "empty", tmp_path / "folder"
    odd.write_text("one\ntwo\n")
    odd.chmod(0o640)
    empty.touch(mode=0o600)
    folder.mkdir(mode=0o2750)
    folder.chmod(0o2750)
    paths = [str(path) for path in (odd, empty, folder, tmp_path / "missing")]
    who = (odd.owner(), odd.group())
    assert asked(Tree, paths=paths) == {
        str(odd): PathState(hashlib.sha256(b"one\ntwo\n").hexdigest(), *who, 0o640),
        str(empty): PathState(hashlib.sha256(b"").hexdigest(), *who, 0o600),
        str(folder): PathState("", *who, 0o2750),
    }
    assert asked(Texts, paths=paths) == {str(odd): "one\ntwo\n", str(empty): ""}


def test_a_file_behind_a_link_is_what_counts(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("text")
    link.symlink_to(target)
    assert asked(Tree, paths=[str(link)])[str(link)].sha256 == hashlib.sha256(b"text").hexdigest()


def test_kernel_reads_the_files_of_this_machine(tmp_path):
    value, missing = tmp_path / "value", tmp_path / "missing"
    value.write_text("4096\t131072\t6291456\n")
    found = asked(Kernel, paths=[str(value), str(missing)])
    assert found.values == {str(value): "4096 131072 6291456"}
    assert found.fixed == {str(missing)}
