"""The first deploy of Alpha, and what a further one changes: nothing, or only what was asked."""

import json
import re

import pytest

pytestmark = pytest.mark.rehearsal

# A row of pyinfra's results: name, hosts, and how many succeeded, failed, had nothing to do.
ROW = re.compile(r"^    (\S.*?) +(\d+|-) +(\d+|-) +(\d+|-) +(\d+|-) *$", re.MULTILINE)

# What an operator would notice of a restart or a reload; a reload changes the last one too.
LIFE = "Id,MainPID,InvocationID,ExecMainStartTimestampMonotonic,StateChangeTimestampMonotonic"
POSTGRES = "postgresql@17-main.service"
CONF = "deploys/data.py | Write PostgreSQL's configuration"
RUN = "deploys/data.py | Run PostgreSQL"
SETTLE = "deploys/data.py | Restart PostgreSQL where it must"


def results(played):
    """Operation -> (succeeded, failed, had nothing to do), as pyinfra's own table says."""
    assert played.code == 0, played.stdout + played.stderr
    rows = ROW.findall((played.stdout + played.stderr).partition("--> Results:")[2])
    counts = {name: [0 if n == "-" else int(n) for n in row] for name, *row in rows}
    total = counts.pop("Grand total")
    assert total[0] == sum(row[0] for row in counts.values()) > 20
    return {name: tuple(row[1:]) for name, row in counts.items()}


def changed(played):
    return [name for name, row in results(played).items() if row != (0, 0, 1)]


def lives(alpha):
    """Unit -> what systemd says of its present life, for every unit that we run."""
    said = alpha.ok(f"cd /etc/realmfleet/units && systemctl show -p {LIFE} *")
    units = [dict(line.split("=", 1) for line in part.splitlines()) for part in said.split("\n\n")]
    return {unit["Id"]: unit for unit in units}


def sql(alpha, query):
    return alpha.ok(f'runuser -u postgres -- psql -XAtqc "{query}"')


def seen(alpha):
    """All that shows a restart, a reload, or rules that were loaded again."""
    loaded = sql(alpha, "select pg_postmaster_start_time(), pg_conf_load_time()")
    return lives(alpha), loaded, alpha.ok("nft -a list table inet realmfleet")


def wish(text):
    return ("--data", f"postgres_settings={text}")


@pytest.fixture
def wished(deployed_alpha):
    """For stories that deploy a wish: afterwards Alpha is as its inventory says."""
    yield deployed_alpha
    results(deployed_alpha.deploy())


def test_everything_that_the_deploy_started_runs(deployed_alpha):
    alpha = deployed_alpha
    alive = alpha.ok("cd /etc/realmfleet/units && systemctl is-active *; true").split()
    # A container has no clock of its own: chrony is the one unit that cannot run here.
    assert sorted(alive) == ["active"] * (len(alive) - 1) + ["inactive"]
    assert len(alive) == len(lives(alpha)) > 10
    assert alpha.ok("systemctl --failed --no-legend --plain") == ""


def test_a_second_deploy_changes_nothing(deployed_alpha):
    alpha = deployed_alpha
    before = seen(alpha)
    again = alpha.deploy()
    assert changed(again) == []
    assert seen(alpha) == before


def test_looking_ahead_proposes_nothing(deployed_alpha):
    alpha = deployed_alpha
    before = seen(alpha)
    dry = alpha.deploy("--dry", "--json")
    assert dry.code == 0, dry.stderr
    plan = json.loads(dry.stdout)["plan"]
    assert len(plan) > 20
    ahead = ("hosts_with_change", "hosts_with_conditional_change")
    assert [step["name"] for step in plan if any(step[key] for key in ahead)] == []
    assert seen(alpha) == before


def test_looking_ahead_names_what_a_wish_would_change_and_changes_nothing(deployed_alpha):
    alpha = deployed_alpha
    before = seen(alpha)
    dry = alpha.deploy("--dry", "--json", *wish('{"random_page_cost": 1.3}'))
    assert dry.code == 0, dry.stderr
    plan = json.loads(dry.stdout)["plan"]
    assert CONF in [step["name"] for step in plan if step["hosts_with_change"]]
    assert seen(alpha) == before


def test_a_wish_that_a_reload_grants_reloads_postgresql_alone(wished):
    alpha = wished
    before = lives(alpha)
    assert changed(alpha.deploy(*wish('{"random_page_cost": 1.3}'))) == [CONF, RUN]
    assert sql(alpha, "show random_page_cost") == "1.3"
    after = lives(alpha)
    assert [name for name in after if after[name] != before[name]] == [POSTGRES]
    assert after[POSTGRES]["InvocationID"] == before[POSTGRES]["InvocationID"]
    assert changed(alpha.deploy(*wish('{"random_page_cost": 1.3}'))) == []


def test_a_wish_that_needs_a_restart_restarts_postgresql_once_and_says_so(wished):
    alpha = wished
    before, least = starts(alpha), int(sql(alpha, "show max_connections")) - 1
    asked = wish(f'{{"max_connections": {least}}}')
    played = alpha.deploy(*asked)
    told = played.stdout + played.stderr
    assert {CONF, RUN, SETTLE} <= set(changed(played))
    said, done = told.index("PostgreSQL restarts for: max_connections"), told.index("--> Results:")
    assert told.index("Starting operation: " + SETTLE) < said < told.index("Success", said) < done
    assert sql(alpha, "show max_connections") == str(least)
    assert starts(alpha) == before + 1
    assert changed(alpha.deploy(*asked)) == []
    assert starts(alpha) == before + 1


def starts(alpha):
    """How often PostgreSQL has started in all of its life."""
    return int(alpha.ok(f"journalctl -u {POSTGRES} -o cat | grep -c '^Started postgresql@'"))
