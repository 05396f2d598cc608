"""Migrations on a real server: whole or not at all, and old events go by themselves."""

import pytest

from roles.postgres.migrations import ROOT, Migration, read, script

pytestmark = pytest.mark.rehearsal

PSQL = "runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1"
OWNED = {"campaign": ("campaign_owner", "campaign, public")}
SAMPLE = read(ROOT / "examples/game/schema/campaign")
HALF = Migration(
    9000, "9000_half.sql", "create table half (n int);\nselect 1 / 0;\ncreate table other (n int);"
)
RETENTION = "realmfleet-postgres-retention.service"
OLD = "insert into campaign.events values (now() - interval '40 days', 'old', 0, 'hub', 0)"
NEW = "insert into campaign.events values (now(), 'new', 0, 'hub', 0)"


def said(played, statement):
    return played.ok(f'{PSQL} -d campaign -c "{statement}"')


def test_every_file_was_applied_once(deployed_alpha):
    found = said(deployed_alpha, "select name from realmfleet.migration order by name")
    assert found.splitlines() == [migration.name for migration in SAMPLE]


def test_a_file_that_fails_leaves_nothing(deployed_alpha):
    applied = {"campaign": {m.name: m.sha256 for m in SAMPLE}}
    text = script(OWNED, {"campaign": (*SAMPLE, HALF)}, applied)
    outcome = deployed_alpha.run(["sh", "-c", f"cat <<'END' | {PSQL}\n{text}\nEND"])
    assert outcome.code
    assert "campaign: 9000_half.sql" in outcome.stderr
    assert "division by zero" in outcome.stderr
    assert said(deployed_alpha, "select to_regclass('campaign.half') is null") == "t"
    assert said(deployed_alpha, "select count(*) from realmfleet.migration") == str(len(SAMPLE))


def test_old_events_go_and_new_ones_stay(deployed_alpha):
    said(deployed_alpha, OLD)
    said(deployed_alpha, NEW)
    deployed_alpha.ok(f"systemctl start {RETENTION}")
    kinds = said(deployed_alpha, "select distinct kind from campaign.events where character = 0")
    assert kinds == "new"
