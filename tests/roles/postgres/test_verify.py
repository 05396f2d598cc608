"""PostgreSQL: answers of a live server, judged."""

import json

import pytest

from roles.postgres.access import access
from roles.postgres.proofs import judge_strangers, judge_tables
from roles.postgres.verify import judge_access, judge_cluster, judge_extension, judge_settings

WANTED = {"work_mem": "4MB", "jit": "off", "tcp_keepalives_idle": "60"}
ROWS = {
    "work_mem": ["4096", "kB", "integer", "4MB"],
    "jit": ["off", None, "bool", "off"],
    "tcp_keepalives_idle": ["0", "s", "integer", "0"],
}
TCP = {"tcp_keepalives_idle": ["60", "s", "integer", "60"]}


def sessions(world=None, application=None):
    texts = {
        "postgres": ROWS,
        "world": ROWS | (world or {}),
        "world/application": ROWS | TCP | (application or {}),
    }
    return "".join(f"{where} {json.dumps(rows)}\n" for where, rows in texts.items())


LARGE = {"work_mem": ["65536", "kB", "integer", "64MB"]}


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        (sessions(), []),
        (sessions(LARGE), ["work_mem is 64MB, asked 4MB (in world): "]),
        (sessions(LARGE, LARGE), ["work_mem is 64MB, asked 4MB (in world, world/application): "]),
        (
            sessions(application={"tcp_keepalives_idle": ["7200", "s", "integer", "7200"]}),
            ["tcp_keepalives_idle is 7200, asked 60 (in world/application): "],
        ),
        (
            sessions() + "campaign psql: error: no server\n",
            ["no answer, but: psql: error: no server (in campaign): "],
        ),
        ('postgres {"jit": ["off", null, "bool", "off"]}\n', ["work_mem is unknown to the server"]),
    ],
)
def test_settings(answer, faults):
    found = judge_settings(WANTED, answer).faults
    assert [line[: len(fault)] for line, fault in zip(found, faults, strict=True)] == faults


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        ("checksums on\n", []),
        ("pending shared_buffers\nchecksums on\n", ["shared_buffers waits for a restart"]),
        ("checksums off\n", ["data checksums are off"]),
    ],
)
def test_cluster(answer, faults):
    found = judge_cluster(answer).faults
    assert [line[: len(fault)] for line, fault in zip(found, faults, strict=True)] == faults


def test_no_cluster_is_no_answer():
    with pytest.raises(ValueError, match="no server"):
        judge_cluster("psql: error: no server\n")


def test_extension():
    names = ["world", "campaign"]
    well = judge_extension(names, "world 2.19.3 2.19.3\ncampaign 2.19.3 2.19.3\n")
    assert (well.said, well.faults) == ("timescaledb 2.19.3 in world, campaign", ())
    older, missing = judge_extension(names, "world 2.18.0 2.19.3\ncampaign missing 2.19.3\n").faults
    assert older.startswith("timescaledb is 2.18.0 in world, the library is 2.19.3")
    assert missing.startswith("timescaledb is missing in campaign")


def test_access_names_what_a_deploy_would_do_and_no_verifier(alpha):
    asked = access(*alpha())
    nothing = {"roles": {}, "databases": {}, "extensions": [], "schemas": {}, "relations": []}
    verifier = "SCRAM-SHA-256$4096:salt$stored:server"
    verifiers = {"application": verifier, "analytics": verifier}
    found = judge_access(asked, verifiers, f"postgres {json.dumps(nothing)}\n").faults
    assert any("create role application" in fault for fault in found)
    assert any("alter role application with login" in fault for fault in found)
    assert "SCRAM" not in " ".join(found)


def test_tables(alpha):
    world = access(*alpha()).databases[0]
    works = ["00000"] * 4 + ["42501"] * 3
    reads = ["00000"] + ["42501"] * 4

    def said(writing, reading):
        parts = ("".join(f"said {n} {s}\n" for n, s in enumerate(x)) for x in (writing, reading))
        return "next\n".join(parts)

    assert judge_tables(world, said(works, reads)).faults == ()
    (fault,) = judge_tables(world, said(works, ["00000", "00000", *reads[2:]])).faults
    assert fault.startswith("analytics in world is not refused")
    (fault,) = judge_tables(world, said(["42501", *works[1:]], reads)).faults
    assert fault.startswith("application in world cannot")
    assert "replica" in judge_tables(world, "replica\n").skipped


WRONG = "wrong psql: error: FATAL:  password authentication failed for user"
OWN = 'own psql: error: FATAL:  no pg_hba.conf entry for host "127.0.0.1"'


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        (f"{WRONG}\n{OWN}\n", []),
        (f"wrong 1\n{OWN}\n", ["a wrong password is not refused, but answered '1'"]),
        (f"{WRONG}\nown 1\n", ["the application is not kept out of the database postgres"]),
    ],
)
def test_strangers(answer, faults):
    found = judge_strangers(answer).faults
    assert [line[: len(fault)] for line, fault in zip(found, faults, strict=True)] == faults
