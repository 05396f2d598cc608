"""A deploy that is killed converges when it is run again, wherever it stood.

Every story kills at a sight, not after a time: the droplet itself says where the deploy stands.
"""

import json
import shlex

import pytest

from realmfleet.facts.postgres import DATA
from realmfleet.inventory import ROOT
from realmfleet.rehearsal import journals, play
from realmfleet.rehearsal.stage import Stage
from realmfleet.rehearsal.steps import quietly
from realmfleet.remote.install_packages import LOG
from realmfleet.secrets.store import store_for
from tests.rehearsal.conftest import STAGE, Rehearsed
from tests.rehearsal.kills import converges, deploys, the_deploy, the_droplet

pytestmark = [pytest.mark.rehearsal, pytest.mark.long]

# Enough packages are unpacked that dpkg is in the middle of its work: it has about 60.
UNPACKING = f'[ "$(grep -c "^Unpacking" {LOG} 2>/dev/null)" -ge 8 ]'
UNPACKED = f'[ "$(grep -c "^Setting up" {LOG} 2>/dev/null)" -ge 8 ]'
APT_WORKS = "pgrep -x apt-get"

# Stands in a program's way: it lets the first lines of its input through, then waits.
HOLD = """#!/bin/sh
case "$*" in
    *{word}*)
        {before}
        touch /run/hold/held
        while [ -e /run/hold ]; do sleep 0.1; done
        exit 1 ;;
esac
exec {program} "$@"
"""


@pytest.fixture
def bare(request):
    """A droplet on which nothing was deployed yet, of these stories alone."""
    stage = Stage(ROOT, "alpha", f"{STAGE}killed")
    play.down(stage, quietly)
    failed_before = request.session.testsfailed
    try:
        yield Rehearsed(play.up(stage, quietly))
        if request.session.testsfailed > failed_before:
            journals.save(play.find(stage).client, stage)
    finally:
        play.down(stage, quietly)


@pytest.fixture
def deploy_until(bare, tmp_path):
    with deploys(bare, tmp_path / "told") as deploy_until:
        yield deploy_until


def hold(alpha, program, word, before=":"):
    """Stop a deploy where it calls this program with this word."""
    text = HOLD.format(program=f"/usr/bin/{program}", word=word, before=before)
    path = f"/usr/local/bin/{program}"
    # Open to all: psql is called as PostgreSQL's own user.
    alpha.ok(f"mkdir -m 777 /run/hold; printf %s {shlex.quote(text)} > {path}; chmod 755 {path}")


def release(alpha, program):
    alpha.ok(f"rm -rf /usr/local/bin/{program} /run/hold")
    alpha.ok("until ! pgrep -f 'sleep 0[.]1$'; do sleep 0.1; done")


def sql(alpha, query, database="postgres"):
    return alpha.ok(f'runuser -u postgres -- psql -XAtqd {database} -c "{query}"')


@pytest.mark.parametrize("sight", [UNPACKING, UNPACKED], ids=["unpacking", "configuring"])
def test_pyinfra_killed_while_apt_works(bare, deploy_until, sight):
    deploy_until(sight, the_deploy)
    assert bare.run(APT_WORKS).code == 0, "apt must run on without us"
    converges(bare)
    # The next run has waited for it: apt never met a lock, and what it did was not undone.
    said = bare.ok(f"cat {LOG}")
    assert "Could not get lock" not in said and "dpkg was interrupted" not in said


@pytest.mark.parametrize("sight", [UNPACKING, UNPACKED], ids=["unpacking", "configuring"])
def test_the_droplet_killed_while_apt_works(bare, deploy_until, sight):
    deploy_until(sight, the_droplet(bare))
    broken = bare.ok("dpkg --audit; ls /var/lib/dpkg/updates")
    assert broken, "dpkg must have been interrupted"
    converges(bare)


def test_the_droplet_killed_in_the_middle_of_initdb(bare, deploy_until):
    deploy_until(f"[ -s {DATA}.new/PG_VERSION ]", the_droplet(bare))
    assert bare.run(f"test -e {DATA}.new").code == 0
    assert bare.run(f"test -e {DATA}/PG_VERSION").code
    converges(bare)
    assert bare.run(f"test -e {DATA}.new").code
    assert sql(bare, "show data_checksums") == "on"


def test_pyinfra_killed_in_the_middle_of_creating_roles(bare, deploy_until):
    # The first lines of the script make one role and begin the next.
    hold(bare, "psql", "VERBOSITY=terse", before='head -n 10 | /usr/bin/psql "$@"')
    deploy_until("[ -e /run/hold/held ]", the_deploy)
    release(bare, "psql")
    made = sql(bare, "select rolname from pg_roles where rolname !~ '^pg_' order by 1").split()
    assert made == ["analytics", "application", "postgres"]
    assert sql(bare, "select count(*) from pg_authid where rolpassword <> ''") == "1"
    converges(bare)
    assert sql(bare, "select count(*) from pg_authid where rolpassword <> ''") == "2"
    for database in ("world", "campaign"):
        assert "timescaledb" in sql(bare, "select extname from pg_extension", database)


def redis_timeout(alpha):
    admin = store_for(alpha.rehearsal.fleet).get("redis_admin_password")
    words = f"AUTH admin {admin}\nCONFIG GET timeout\n"
    return alpha.ok(f"redis-cli -p 6379 <<'END'\n{words}END").split()[-1]


def cost(alpha):
    return sql(alpha, "show random_page_cost")


def sessions(alpha):
    return sql(alpha, "show max_connections")


# Where pyinfra is killed, the wish that it was about to grant, and what shows it in force.
UPLOADS = (
    ("show*postgresql@", "postgres_settings", {"random_page_cost": 1.3}, cost, "1.3"),
    ("restart*postgresql@", "postgres_settings", {"max_connections": 20}, sessions, "20"),
    ("show*redis-server@", "redis_settings", {"session": {"timeout": 77}}, redis_timeout, "77"),
)


def test_pyinfra_killed_between_an_upload_and_its_restart(bare, deploy_until):
    assert bare.deploy().code == 0
    for call, key, wish, in_force, value in UPLOADS:
        before = in_force(bare)
        options = ("--data", f"{key}={json.dumps(wish)}")
        hold(bare, "systemctl", call)
        deploy_until("[ -e /run/hold/held ]", the_deploy, *options)
        release(bare, "systemctl")
        assert in_force(bare) == before != value, call
        told = converges(bare, *options)
        assert in_force(bare) == value, call
        assert ("PostgreSQL restarts for: max_connections" in told) == (value == "20")
