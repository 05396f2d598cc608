"""Base: answers of a droplet, judged."""

import pytest

from roles.base.verify import (
    THP,
    judge_failed,
    judge_kernel,
    judge_operators,
    judge_packages,
    judge_ssh,
)

COOKIES = "/proc/sys/net/ipv4/tcp_syncookies"
SWAPPINESS = "/proc/sys/vm/swappiness"
RMEM = "/proc/sys/net/core/rmem_max"
WANTED = {COOKIES: "1", SWAPPINESS: "1", RMEM: "4194304", THP: "madvise"}


def kernel(cookies=1, swappiness=1, thp="always [madvise] never", swap=1024, tail=""):
    return (
        f"value {COOKIES} {cookies}\nvalue {SWAPPINESS} {swappiness}\nvalue {RMEM} 4194304\n"
        f"value {THP} {thp}\n{tail}swap {swap}\n"
    )


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        (kernel(), []),
        (kernel(cookies=0), ["net.ipv4.tcp_syncookies is 0, asked 1: deploy again"]),
        (kernel(swappiness=60), ["vm.swappiness is 60, asked 1: deploy again"]),
        (
            kernel(thp="[always] madvise never"),
            ["transparent_hugepage is [always] madvise never, asked madvise: deploy again"],
        ),
        (kernel(swap=0), ["no swap, asked 1024 MB: swapon --show, deploy again"]),
        # In a container the machine's own are not the droplet's fault.
        (kernel(swappiness=60, swap=0, thp="[always]", tail="container\n"), []),
        (kernel(cookies=0, tail="container\n"), ["net.ipv4.tcp_syncookies is 0, asked 1: "]),
    ],
)
def test_kernel(answer, faults):
    found = judge_kernel(WANTED, 1024, answer).faults
    assert len(found) == len(faults)
    assert all(line.startswith(fault) for line, fault in zip(found, faults, strict=True))


def test_what_is_left_out_in_a_container_is_named():
    verdict = judge_kernel(WANTED, 1024, kernel(tail=f"fixed {RMEM}\ncontainer\n"))
    assert verdict.said == "1 kernel settings in force"
    assert verdict.skipped.endswith("vm.swappiness, net.core.rmem_max, transparent_hugepage, swap")
    assert judge_kernel(WANTED, 1024, kernel()).skipped == ""


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        ("a hold ok installed\nb install ok installed\n", []),
        ("a install ok installed\nb install ok installed\n", ["a is not held"]),
        ("a hold ok installed\n", ["b is not installed"]),
        ("a hold ok installed\nb install ok unpacked\n", ["b is not installed"]),
        ("a hold ok installed\nb install ok installed\ndpkg is interrupted\n", ["dpkg was"]),
    ],
)
def test_packages(answer, faults):
    found = judge_packages(["a", "b"], ["a"], answer).faults
    assert [line[: len(fault)] for line, fault in zip(found, faults, strict=True)] == faults


@pytest.mark.parametrize(
    ("answer", "faulty"),
    [
        ("member ada\n/etc/realmfleet/authorized_keys/ada:ssh-ed25519 A\nasked\n", []),
        ("asked\n", ["ada"]),
        ("member ada\n/etc/realmfleet/authorized_keys/ada:ssh-ed25519 B\nasked\n", ["ada"]),
        (
            "member ada\nmember eve\n/etc/realmfleet/authorized_keys/ada:ssh-ed25519 A\nasked\n",
            ["eve"],
        ),
    ],
)
def test_operators(answer, faulty):
    found = judge_operators({"ada": ["ssh-ed25519 A"]}, answer).faults
    assert [fault.split()[1].rstrip(":") for fault in found] == faulty


def test_ssh():
    assert judge_ssh("root@127.0.0.1: Permission denied (publickey).\n").faults == ()
    (fault,) = judge_ssh("root@127.0.0.1: Permission denied (publickey,password).\n").faults
    assert fault.startswith("sshd also takes password")
    with pytest.raises(ValueError, match="refused"):
        judge_ssh("connect to host 127.0.0.1 port 22: Connection refused\n")


def test_failed_units():
    assert judge_failed("asked\n").faults == ()
    (fault,) = judge_failed("a.service loaded failed failed A thing\nasked\n").faults
    assert fault.startswith("a.service has failed")
    with pytest.raises(ValueError, match=r"no bus|unpack"):
        judge_failed("no bus\n")
