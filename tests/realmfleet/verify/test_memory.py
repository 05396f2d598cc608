"""What processes hold, by service, against the budget."""

import pytest

from realmfleet.verify.memory import judge_memory

OWNERS = {"postgresql@17-main.service": "postgres", "pgbouncer.service": "pgbouncer"}
LIMITS = {"base": 256, "postgres": 1000, "pgbouncer": 48}


def answer(*processes):
    """(pid, unit's path, MB) as grep prints them."""
    lines = [f"/proc/{pid}/smaps_rollup:Pss:  {mb * 1024} kB" for pid, _, mb in processes]
    return "\n".join(lines + [f"/proc/{pid}/cgroup:{path}" for pid, path, _ in processes])


MAIN = "0::/system.slice/system-postgresql.slice/postgresql@17-main.service"
POOL = "1:name=systemd:/system.slice/pgbouncer.service"
WELL = ((1, "0::/init.scope", 5), (20, MAIN, 200), (21, MAIN, 30), (30, POOL, 2))


def test_within_the_budget():
    verdict = judge_memory(OWNERS, LIMITS, answer(*WELL))
    assert verdict.faults == ()
    assert verdict.said.endswith("base 5 of 256, postgres 230 of 1000, pgbouncer 2 of 48")


def test_each_service_has_its_own_limit():
    greedy = (*WELL, (31, POOL, 60), (40, "0::/user.slice/session-1.scope", 300))
    found = judge_memory(OWNERS, LIMITS, answer(*greedy)).faults
    assert [fault.partition(":")[0] for fault in found] == [
        "base holds 305 MB, 256 MB are reserved for it",
        "pgbouncer holds 62 MB, 48 MB are reserved for it",
    ]


def test_a_process_that_ended_meanwhile_is_not_counted():
    gone = f"{answer(*WELL)}\n/proc/99/cgroup:{POOL}"
    assert judge_memory(OWNERS, LIMITS, gone).faults == ()


def test_no_process_is_no_answer():
    with pytest.raises(ValueError, match="no process"):
        judge_memory(OWNERS, LIMITS, "")
