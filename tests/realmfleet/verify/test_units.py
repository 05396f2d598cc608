"""What systemd says of units, judged."""

import pytest

from realmfleet.files import File
from realmfleet.units import Unit
from realmfleet.verify.files import judge_files
from realmfleet.verify.units import judge_hardening, judge_units

REDIS, OFF, CLOCK = (
    Unit("redis.service"),
    Unit("vendor.service", running=False),
    Unit("chrony.service", real_only=True),
)


def shown(name, active="active", enabled="enabled", reload="no"):
    state = f"ActiveState={active}\nUnitFileState={enabled}\nNeedDaemonReload={reload}"
    return f"Id={name}\n{state}\n\n"


QUIET = shown("vendor.service", "inactive", "disabled")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (shown("redis.service", "failed") + QUIET, "redis.service does not run"),
        (shown("redis.service", enabled="disabled") + QUIET, "will not start at boot"),
        (shown("redis.service", reload="yes") + QUIET, "has changed on disk"),
        (shown("redis.service") + QUIET + "redis.service reload\n", "owes a reload"),
        (shown("redis.service") + QUIET + "redis.service restart\n", "owes a restart"),
        (shown("redis.service") + shown("vendor.service"), "vendor.service runs or starts at"),
    ],
)
def test_each_fault(answer, fault):
    (found,) = judge_units([REDIS, OFF], answer).faults
    assert fault in found


def test_all_is_well():
    verdict = judge_units([REDIS, OFF], shown("redis.service") + QUIET)
    assert verdict.faults == ()
    assert verdict.said.startswith("redis: active")


def test_a_clock_is_skipped_in_a_container_only():
    clock = shown("chrony.service", "inactive")
    assert judge_units([CLOCK], clock).faults
    verdict = judge_units([CLOCK], f"{clock}container\n")
    assert (verdict.faults, verdict.skipped) == ((), "chrony.service cannot run in a container")


def test_exposure():
    line = "→ Overall exposure level for {}: {} OK :-)\n"
    well = line.format("a.service", 1.1) + line.format("b.service", 2.5)
    assert judge_hardening(["a.service", "b.service"], well).faults == ()
    (fault,) = judge_hardening(["a.service"], line.format("a.service", 9.2)).faults
    assert "exposure of 9.2, at most 2.5" in fault
    with pytest.raises(LookupError):
        judge_hardening(["a.service"], "Failed to connect to bus")


def test_files_with_secrets():
    file = File("/etc/redis/session.acl", "", "redis", "redis", 0o600, secret=True)
    assert judge_files([file], "redis redis 600 /etc/redis/session.acl\n").faults == ()
    (fault,) = judge_files([file], "redis redis 644 /etc/redis/session.acl\n").faults
    assert "is redis redis 644, asked redis redis 600" in fault
    (fault,) = judge_files([file], "stat: cannot statx '/etc/redis/session.acl'\n").faults
    assert "is missing" in fault
