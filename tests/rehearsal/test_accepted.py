"""Whatever an inventory may say: what we render for it, the real programs accept."""

import json
import subprocess

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from realmfleet.facts.postgres import BIN
from realmfleet.remote import script
from roles.base import files as base
from roles.firewall import files as firewall
from roles.pgbouncer import files as pgbouncer
from roles.postgres import files as postgres
from roles.redis import files as redis
from tests.rehearsal.drawn import fleets, payloads

pytestmark = pytest.mark.rehearsal

# Fleets in one call of the droplet, and how many such calls: a call costs more than a check.
TOGETHER, CALLS = 10, 3


def refused(alpha, programs):
    """What the droplet's own Python said of these programs, sent as a deploy sends them."""
    order = ["ssh", "-F", str(alpha.stage.dir / "ssh_config"), "alpha-1", "python3 -I -"]
    text = "\n".join(programs)
    answer = subprocess.run(order, input=text, capture_output=True, text=True, check=False)
    return (
        ""
        if answer.returncode == 0
        else "\n".join([*answer.stdout.splitlines()[-1:], answer.stderr])
    )


def programs(drawn):
    """One for each role; the last line printed says for which inventory it was."""
    for role, payload in drawn.sent.items():
        label = f"{role}: {drawn!r}"
        yield f"print({label!r}, flush=True)\n{script('write_tree', payload)}"


# No shrinking: every call of a droplet takes seconds, and the first refusal names itself.
few = settings(
    max_examples=CALLS,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[*HealthCheck],
)


@few
@given(drawn=st.lists(fleets(), min_size=TOGETHER, max_size=TOGETHER))
def test_every_rendered_configuration_is_accepted(deployed_alpha, drawn):
    sent = [program for one in drawn for program in programs(one)]
    assert len(sent) == 5 * TOGETHER
    assert refused(deployed_alpha, sent) == ""


WRONG = {
    "base": (base.SSHD, "PasswordAuthentication no", "PasswordAuthentication perhaps"),
    "firewall": (firewall.RULES, "policy drop;", "policy sink;"),
    "postgres": (postgres.SETTINGS, "fsync = 'on'", "fsnyc = 'on'"),
    "pgbouncer": (pgbouncer.MAIN, "pool_mode = transaction", "pool_mode = transmission"),
    "redis": (redis.configuration("session"), "maxmemory-policy allkeys-lru", "maxmemory-policy a"),
}


@pytest.fixture(scope="module")
def sound(deployed_alpha):
    """What is sent for Alpha itself."""
    fleet = deployed_alpha.rehearsal.fleet
    return payloads(fleet, fleet.droplets[0])


def spoiled(payload, path, right, wrong):
    files = [dict(file) for file in payload["files"]]
    (file,) = [file for file in files if file["path"] == path]
    assert right in file["content"]
    file["content"] = file["content"].replace(right, wrong)
    return payload | {"files": files}


@pytest.mark.parametrize("role", WRONG)
def test_the_real_programs_would_have_refused_a_mistake(deployed_alpha, sound, role):
    said = refused(deployed_alpha, [script("write_tree", spoiled(sound[role], *WRONG[role]))])
    assert "the check refused the new configuration, nothing was changed" in said


@pytest.mark.parametrize(
    "line",
    [
        "wal_level = minimal",
        "superuser_reserved_connections = 60",
        "shared_buffers = '1kB'",
    ],
)
def test_what_postgresql_could_not_start_with_is_refused_before_it_is_live(
    deployed_alpha, sound, line
):
    """Each of these reads well; the server would stop at its next start."""
    right = "fsync = 'on'"
    spoilt = spoiled(sound["postgres"], postgres.SETTINGS, right, f"{right}\n{line}")
    assert "the check refused" in refused(deployed_alpha, [script("write_tree", spoilt)])


RULES_OF_ALL = """
import json, os, pwd, shutil, subprocess, sys
home, postgres = "/var/tmp/hba", pwd.getpwnam("postgres")
def as_postgres(*words, **more):
    return subprocess.run(["runuser", "-u", "postgres", "--", *words], check=True, text=True,
                          stdout=subprocess.PIPE, **more).stdout
shutil.rmtree(home, ignore_errors=True)
os.mkdir(home)
os.chown(home, postgres.pw_uid, postgres.pw_gid)
as_postgres("BIN/initdb", "-D", home + "/data", "--no-sync")
for number, text in enumerate(json.loads(TEXTS)):
    with open("%s/%d.conf" % (home, number), "w") as file:
        file.write(text)
with open(home + "/hba.conf", "w") as file:
    file.write("".join("include %s/%d.conf\\n" % (home, n) for n in range(number + 1)))
query = "select 'rule', file_name, line_number, error from pg_hba_file_rules"
print(as_postgres("BIN/postgres", "--single", "-D", home + "/data", "-c",
                  "hba_file=" + home + "/hba.conf", "postgres", input=query + "\\n"))
shutil.rmtree(home)
"""


def hba_said(alpha, texts):
    """What a server of its own says of these access rules; it only starts to look at them."""
    program = RULES_OF_ALL.replace("BIN", BIN).replace("TEXTS", repr(json.dumps(texts)))
    order = ["ssh", "-F", str(alpha.stage.dir / "ssh_config"), "alpha-1", "python3 -I -"]
    answer = subprocess.run(order, input=program, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


@settings(few, max_examples=1)
@given(drawn=st.lists(fleets(), min_size=20, max_size=20))
def test_postgresql_reads_every_access_rule(deployed_alpha, drawn):
    texts = [
        file["content"]
        for one in drawn
        for file in one.sent["postgres"]["files"]
        if file["path"] == postgres.HBA
    ]
    wrong = "host all all nowhere/32 scram-sha-256\n"
    said = hba_said(deployed_alpha, [*texts, wrong])
    lines = sum(not line.startswith("#") for text in texts for line in text.splitlines())
    assert said.count('= "rule"') == lines + 1
    # The one that is wrong on purpose, and no other.
    assert said.count("error = ") == 1
    assert "20.conf" in said.partition("error = ")[0].rpartition("file_name = ")[2]


def test_nothing_that_was_started_to_try_stays_behind(deployed_alpha, sound):
    for role in ("pgbouncer", "redis", "postgres"):
        assert refused(deployed_alpha, [script("write_tree", sound[role])]) == ""
    spoilt = spoiled(sound["redis"], *WRONG["redis"])
    assert refused(deployed_alpha, [script("write_tree", spoilt)])
    started = deployed_alpha.ok("ps -eo pid,args | grep 'stage[-]' || true")
    assert started == ""
    assert deployed_alpha.ok("ls -d /var/lib/realmfleet/stage-* 2>/dev/null || true") == ""
