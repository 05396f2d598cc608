"""What the other operations yield for given facts: what is missing, and nothing else."""

import json
import subprocess

import pytest

from realmfleet.facts.firewall import Firewall, FirewallState
from realmfleet.facts.kernel import Kernel, KernelState
from realmfleet.facts.operators import Operators
from realmfleet.facts.packages import Packages, PackageState
from realmfleet.facts.postgres import Access, Cluster, PendingRestart
from realmfleet.facts.tree import Tree
from realmfleet.files import Directory, File, PathState
from realmfleet.operations.firewall import firewall
from realmfleet.operations.kernel import kernel, sysctl_path
from realmfleet.operations.operators import operators
from realmfleet.operations.packages import packages
from realmfleet.operations.postgres import cluster, converge, settle
from realmfleet.operations.stage import barrier
from realmfleet.operations.tree import tree


def payload(stdin):
    """What a program is called with."""
    call = stdin.rstrip().rsplit("\nmain(json.loads(", 1)[1]
    return json.loads(json.loads(call.removesuffix("))")))


PLAIN, SECRET = File("/etc/plain", "text\n"), File("/etc/secret", "word", mode=0o600, secret=True)
FOLDER = Directory("/var/data", "root", "root", 0o750)


def lying(file):
    return PathState(getattr(file, "sha256", ""), file.owner, file.group, file.mode)


AS_ASKED = {entry.path: lying(entry) for entry in (PLAIN, SECRET, FOLDER)}


def test_a_tree_that_lies_as_asked_is_left_alone(yielded):
    asked = {"files": [PLAIN, SECRET], "directories": [FOLDER], "absent": ["/etc/old"]}
    assert yielded(tree, facts={Tree: AS_ASKED}, **asked) == []


@pytest.mark.parametrize(
    ("path", "found", "stale"),
    [
        ("/etc/plain", PathState("0" * 64, "root", "root", 0o644), {"/etc/plain"}),
        ("/etc/secret", PathState(SECRET.sha256, "root", "root", 0o644), {"/etc/secret"}),
        ("/etc/secret", PathState(SECRET.sha256, "redis", "root", 0o600), {"/etc/secret"}),
        ("/etc/secret", PathState(SECRET.sha256, "root", "redis", 0o600), {"/etc/secret"}),
        ("/var/data", PathState("", "root", "root", 0o755), set()),
        ("/etc/old", PathState("1" * 64, "root", "root", 0o644), set()),
    ],
)
def test_what_differs_is_written_and_everything_is_checked(yielded, path, found, stale):
    asked = {"files": [PLAIN, SECRET], "directories": [FOLDER], "absent": ["/etc/old"]}
    facts = {Tree: AS_ASKED | {path: found}}
    more = {"check": "look", "prove": "try", "redact": ["word"]}
    (stdin,) = yielded(tree, facts=facts, stdin=True, **asked, **more)
    sent = payload(stdin)
    assert {file["path"] for file in sent["files"] if file["stale"]} == stale
    assert [file["path"] for file in sent["files"]] == ["/etc/plain", "/etc/secret"]
    assert [entry["path"] for entry in sent["directories"]] == [FOLDER.path] * (path == "/var/data")
    assert sent["absent"] == ["/etc/old"] * (path == "/etc/old")
    assert {key: sent[key] for key in more} == more


def test_no_content_stands_in_a_command(yielded):
    (command,) = yielded(tree, facts={Tree: {}}, files=[SECRET], redact=["word"])
    assert command == "python3 -I -"


@pytest.mark.parametrize(
    ("found", "missing", "loose"),
    [
        (PackageState(frozenset("ab"), frozenset("a")), None, None),
        (PackageState(frozenset("a"), frozenset("a")), ["b"], []),
        (PackageState(frozenset("ab")), [], ["a"]),
        # An interrupted dpkg is finished even where nothing else is missing.
        (PackageState(frozenset("ab"), frozenset("a"), whole=False), [], []),
        (PackageState(), ["a", "b"], ["a"]),
    ],
)
def test_packages_that_are_missing(yielded, found, missing, loose):
    sent = yielded(packages, ["b", "a"], ["a"], facts={Packages: found}, stdin=True)
    expected = [] if missing is None else [{"packages": missing, "hold": loose}]
    assert [payload(stdin) for stdin in sent] == expected


@pytest.mark.parametrize(
    ("found", "stale", "leaving"),
    [
        ({"ann": ["key"]}, None, None),
        ({}, {"ann": ["key"]}, []),
        ({"ann": ["former"]}, {"ann": ["key"]}, []),
        ({"ann": []}, {"ann": ["key"]}, []),
        ({"ann": ["key"], "bob": ["his"]}, {}, ["bob"]),
        # One who has left has no key any more, but the account is a member still.
        ({"ann": ["key"], "bob": []}, {}, ["bob"]),
    ],
)
def test_operators_who_come_change_and_leave(yielded, found, stale, leaving):
    sent = [
        payload(s)
        for s in yielded(operators, {"ann": ["key"]}, facts={Operators: found}, stdin=True)
    ]
    assert [(one["operators"], one["leaving"]) for one in sent] == (
        [] if stale is None else [(stale, leaving)]
    )


SYSCTL, NET, THP = sysctl_path("vm.swappiness"), "/proc/sys/net/ipv4/tcp_rmem", "/sys/thp"
WISHED = {SYSCTL: "1", NET: "4096 131072 6291456", THP: "madvise"}


@pytest.mark.parametrize(
    ("values", "fixed", "container", "written"),
    [
        ({SYSCTL: "1", NET: "4096 131072 6291456", THP: "always [madvise] never"}, (), False, []),
        ({SYSCTL: "60", NET: "4096\t131072\t6291456", THP: "[madvise]"}, (), False, [SYSCTL]),
        ({SYSCTL: "60", NET: "1 2 3", THP: "[always] madvise"}, (), False, [SYSCTL, NET, THP]),
        # In a container only the network is the droplet's own.
        ({SYSCTL: "60", NET: "1 2 3", THP: "[always] madvise"}, (), True, [NET]),
        ({SYSCTL: "60", NET: "1 2 3", THP: "[always]"}, (NET, THP), False, [SYSCTL]),
        ({}, (SYSCTL, NET, THP), True, []),
    ],
)
def test_kernel_values_that_differ_and_can_be_set(yielded, values, fixed, container, written):
    state = KernelState(values, frozenset(fixed), container, swap_mb=0)
    commands = yielded(kernel, WISHED, facts={Kernel: state})
    assert [command.rsplit(" ", 1)[1] for command in commands] == written


@pytest.mark.parametrize(
    ("swap_mb", "container", "made"), [(0, False, 1), (0, True, 0), (512, False, 0)]
)
def test_swap_is_made_once_and_not_in_a_container(yielded, swap_mb, container, made):
    state = KernelState({}, frozenset(), container, swap_mb)
    commands = yielded(kernel, {}, 1024, facts={Kernel: state})
    assert len(commands) == made
    assert all("fallocate -l 1024M /swapfile.new" in command for command in commands)


RULES = File("/etc/realmfleet/firewall.nft", "table inet realmfleet {}\n", mode=0o600)


@pytest.mark.parametrize(
    ("found", "trial"),
    [
        (FirewallState(RULES.sha256, "live", "live", enabled=True), False),
        (FirewallState("former", "live", "live", enabled=True), True),
        # Somebody changed the rules in the kernel by hand.
        (FirewallState(RULES.sha256, "live", "other", enabled=True), True),
        (FirewallState(RULES.sha256, "live", "live", enabled=False), True),
        (FirewallState("edited", "live", "live", enabled=True), True),
        (FirewallState("none", "none", "empty", enabled=False), True),
    ],
)
def test_rules_go_on_trial_where_others_are_in_force(yielded, found, trial):
    commands = yielded(firewall, RULES, "fw.service", "/back", facts={Firewall: found})
    assert len(commands) == (2 if trial else 0)
    if trial:
        assert commands[0] == "python3 -I -"
        assert f'echo "{RULES.sha256} ' in commands[1]


def test_the_barrier_names_who_failed_and_stops(yielded):
    (command,) = yielded(barrier, "data", failed=["db-2", "db-1"])
    said = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert said.returncode == 1
    told = "Stopped before 'data': db-1, db-2 failed. Mend it and run this again.\n"
    assert (said.stdout, said.stderr) == ("", told)


def test_the_barrier_lets_everybody_through_where_nobody_failed(yielded):
    assert yielded(barrier, "data") == []


def test_the_cluster_is_made_where_it_is_not(yielded):
    assert yielded(cluster, facts={Cluster: True}) == []
    assert len(yielded(cluster, facts={Cluster: False})) == 1


def test_postgresql_restarts_only_for_what_waits(yielded):
    asked = ("/conf", "pg.service")
    assert yielded(settle, *asked, facts={PendingRestart: []}) == []
    found = {PendingRestart: ["max_connections"]}
    assert yielded(settle, *asked, facts=found) == ["systemctl restart pg.service"]


def test_statements_reach_psql_on_its_standard_input(yielded):
    facts = {Access: {"postgres": {}}}
    asked = {"query": "q", "databases": ["world"], "script": lambda state: f"from {state}"}
    (command,) = yielded(converge, facts=facts, **asked)
    assert "from" not in command
    assert yielded(converge, facts=facts, stdin=True, **asked) == ["from {'postgres': {}}"]
    asked["script"] = lambda _state: ""
    assert yielded(converge, facts=facts, **asked) == []
