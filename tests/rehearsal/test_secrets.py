"""No secret shows: every one is renewed, and its real value is looked for wherever it might."""

import json
import secrets
import shlex

import pytest

from realmfleet.secrets import made
from realmfleet.secrets.scram import verifier
from realmfleet.secrets.store import store_for
from roles.pgbouncer.files import PASSWORDS

pytestmark = pytest.mark.rehearsal

FOLDER = "/etc/realmfleet/exporters"
ZONES = ("forest", "desert", "mountain", "volcanic", "hub")
# The only files with a password in them: what exporters and the game log in with, readable by
# root alone.
GAME = ("api/api", "zone/candidate", *(f"zone/{name}-1" for name in ZONES))
PLAIN = {
    *(f"{FOLDER}/{name}.env" for name in ("pgbouncer", "redis-session", "redis-leaderboard")),
    *(f"/etc/realmfleet/{name}.env" for name in GAME),
}
# Users that systemd makes for a unit's life: https://systemd.io/UIDS-GIDS/
DYNAMIC = range(61184, 65520)
USERLIST = "/etc/pgbouncer/userlist.txt"

# Sees every process again and again; prints what it saw once the file is gone. Whose secret
# is whose it need not know: what it saw is searched elsewhere.
WATCHER = r"""
import glob, json, os
seen = {"cmdline": set(), "environ": set()}
open("/run/watching", "w").close()
while os.path.exists("/run/watching"):
    for path in glob.glob("/proc/[0-9]*"):
        for kind in seen:
            try:
                with open(path + "/" + kind, "rb") as file:
                    text = file.read().decode(errors="replace")
                if text:
                    seen[kind].add((os.stat(path).st_uid, text))
            except OSError:
                pass
print(json.dumps({kind: sorted(texts) for kind, texts in seen.items()}))
"""
CANARY = "a-secret-in-a-command-line"


@pytest.fixture(scope="module")
def renewed(deployed_alpha):
    """A deploy of all secrets renewed, told as loudly as pyinfra can, and watched."""
    alpha = deployed_alpha
    # Another story's bad release prints its environment on purpose: that goes first.
    alpha.ok("journalctl -q --rotate && sleep 1 && journalctl -q --vacuum-time=1s")
    store = store_for(alpha.rehearsal.fleet)
    # What a rehearsal gives itself has tests of its own.
    former = {name: store.get(name) for name in made(alpha.rehearsal.fleet)}
    for name in former:
        store.set(name, secrets.token_urlsafe(32))
    told = [played(alpha.deploy("-vvv", "--dry", "--diff"))]
    watcher = alpha.rehearsal.client.api.exec_create(
        alpha.droplet().id, ["python3", "-I", "-c", WATCHER]
    )
    watched = alpha.rehearsal.client.api.exec_start(watcher["Id"], stream=True)
    alpha.ok("until [ -e /run/watching ]; do sleep 0.1; done")
    alpha.ok(f"sh -c 'sleep 0.3; : {CANARY}'")
    told.append(played(alpha.deploy("-vvv", "--diff")))
    alpha.ok("rm /run/watching")
    seen = json.loads(b"".join(watched))
    now = {name: store.get(name) for name in former}
    assert not set(now.values()) & set(former.values())
    return {"former": former, "now": now, "told": told, "seen": seen}


def played(run):
    assert run.code == 0, run.stderr
    return run.stdout + run.stderr


@pytest.fixture(scope="module")
def plain(renewed):
    """Every value, new and former."""
    return [*renewed["now"].values(), *renewed["former"].values()]


@pytest.fixture(scope="module")
def verifiers(renewed):
    """What PostgreSQL and PgBouncer keep instead of the passwords."""
    login = {role: renewed["now"][name] for role, name in PASSWORDS.items()}
    return {role: verifier(password, role) for role, password in login.items()}


@pytest.fixture(scope="module")
def telling(plain, verifiers):
    """Everything that must not show: values and verifiers."""
    assert len(plain) >= 14
    return [*plain, *verifiers.values()]


def files_with(alpha, texts, find):
    """Of the files that `find` finds those that hold one of the texts."""
    patterns = shlex.quote("\n".join(texts))
    # A here-document and not an argument: the search itself must not be what is found.
    look = f"umask 077; printf '%s\\n' {patterns} > /run/patterns; {find} -print0"
    look += " | xargs -0r grep -lFf /run/patterns -- || true; rm /run/patterns"
    return {line for line in alpha.ok(look).splitlines() if line != "/run/patterns"}


EVERYWHERE = "find / \\( -path /proc -o -path /sys -o -path /var/cache/rehearsal-apt \\) -prune"


def test_the_watcher_would_have_seen_it(renewed):
    seen = [text for _, text in renewed["seen"]["cmdline"]]
    assert any(CANARY in text for text in seen)
    assert any("write_tree" not in text and "python3\0-I\0-\0" in text for text in seen)


def test_no_command_line_shows_one(renewed, telling):
    seen = [text for _, text in renewed["seen"]["cmdline"]]
    assert [text for text in seen if any(secret in text for secret in telling)] == []


def test_only_the_environment_of_who_logs_in_holds_one(deployed_alpha, renewed, telling):
    alpha = deployed_alpha
    uid = int(alpha.ok("id -u prometheus"))
    holders = {
        owner
        for owner, text in renewed["seen"]["environ"]
        if any(secret in text for secret in telling)
    }
    # systemd's child still is root while it becomes the exporter; nobody else can look at either.
    # API and zones run as users of their own.
    assert holders - set(DYNAMIC) <= {0, uid}


def test_pyinfra_tells_none_however_loudly_it_is_asked(renewed, telling):
    dry, deployed = renewed["told"]
    assert "userlist.txt" in deployed and "pgbouncer.env" in deployed  # it did write them
    for told in (dry, deployed):
        assert len(told) > 10_000
        assert [secret for secret in telling if secret in told] == []


def test_what_was_renewed_is_in_force(deployed_alpha, renewed, verifiers):
    alpha = deployed_alpha
    query = "select json_object_agg(rolname, rolpassword) from pg_authid where rolpassword <> ''"
    kept = json.loads(alpha.ok(f'runuser -u postgres -- psql -XAtqc "{query}"'))
    assert kept["application"] == verifiers["application"]
    assert verifiers["pgbouncer_admin"] in alpha.ok(f"cat {USERLIST}")
    assert login(alpha, renewed["now"]) == "PONG"
    assert login(alpha, renewed["former"]) == ""


def login(alpha, values):
    """What Redis answers to its admin with one of these passwords."""
    words = f"AUTH admin {values['redis_admin_password']}\nPING\n"
    said = alpha.ok(f"redis-cli -p 6379 <<'END'\n{words}END")
    return "PONG" if "PONG" in said.split() else ""


def test_no_log_holds_one(deployed_alpha, telling):
    alpha = deployed_alpha
    alpha.ok("journalctl --no-pager -o json > /run/journal.json")
    find = "find /var/log /run/journal.json -type f"
    found = files_with(alpha, telling, find)
    alpha.ok("rm /run/journal.json")
    assert found == set()


def test_no_statement_that_postgresql_remembers_holds_one(deployed_alpha, telling):
    alpha = deployed_alpha
    query = "select query from pg_stat_statements union all select query from pg_stat_activity"
    said = alpha.ok(f'runuser -u postgres -- psql -XAtqc "{query}"')
    assert "pg_stat_activity" in said
    assert [secret for secret in telling if secret in said] == []


def test_what_everybody_may_read_holds_none(deployed_alpha, telling):
    alpha = deployed_alpha
    assert files_with(alpha, telling, f"{EVERYWHERE} -o -type f -perm -o=r") == set()


def test_passwords_lie_only_where_a_program_logs_in_with_them(deployed_alpha, renewed):
    alpha = deployed_alpha
    found = files_with(alpha, renewed["now"].values(), f"{EVERYWHERE} -o -type f")
    assert found == PLAIN
    modes = alpha.ok(f"stat -c '%a %U' {USERLIST} {' '.join(sorted(PLAIN))}").splitlines()
    assert modes == ["600 postgres", *["600 root"] * len(PLAIN)]


def test_the_image_and_what_docker_says_of_the_droplet_hold_none(deployed_alpha, telling):
    alpha = deployed_alpha
    client, container = alpha.rehearsal.client, alpha.droplet()
    assert [secret for secret in telling if secret in json.dumps(container.attrs)] == []
    needles, tail, size = [secret.encode() for secret in telling], b"", 0
    for chunk in client.images.get(container.attrs["Config"]["Image"]).save():
        piece, size = tail + chunk, size + len(chunk)
        assert not any(needle in piece for needle in needles)
        tail = piece[-200:]
    assert size > 50_000_000
