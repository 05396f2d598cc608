"""New rules are checked, the way back is armed, and only then are they loaded."""

import pytest

RULES = "table inet realmfleet {}\n"


@pytest.fixture
def load(tmp_path, program):
    def load():
        path = tmp_path / "etc" / "firewall.nft"
        payload = {"path": str(path), "content": RULES, "rollback": "/back", "seconds": 30}
        return program("try_firewall", payload)

    return load


def test_the_way_back_is_armed_between_the_check_and_the_load(tmp_path, load, fakes):
    calls = fakes("nft", "systemctl", "systemd-run")
    run = load()
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    candidate = tmp_path / "etc" / "firewall.nft.candidate"
    names = [call.split()[0] for call in calls() if not call.startswith("systemctl")]
    assert names == ["nft", "systemd-run", "nft"]
    assert calls()[0] == f"nft -c -f {candidate}"
    assert calls()[-1] == f"nft -f {candidate}"
    (armed,) = [call for call in calls() if call.startswith("systemd-run")]
    assert "--on-active=30s" in armed and armed.endswith(" /back")
    assert (candidate.read_text(), candidate.stat().st_mode & 0o777) == (RULES, 0o600)
    # What counts at the next boot is not touched before the rules are confirmed.
    assert not (tmp_path / "etc" / "firewall.nft").exists()


def test_a_former_trial_is_called_off_first(load, fakes):
    calls = fakes("nft", "systemctl", "systemd-run")
    load()
    before = calls()[: [call.split()[0] for call in calls()].index("systemd-run")]
    unit = "realmfleet-firewall-rollback"
    assert f"systemctl stop {unit}.timer" in before
    assert f"systemctl stop {unit}.service" in before


def test_refused_rules_are_not_loaded_and_nothing_is_armed(load, fakes):
    calls = fakes("systemctl", "systemd-run", nft="echo line 3: syntax error >&2; exit 1")
    run = load()
    assert run.returncode == 1
    told = "nft refused the new rules, nothing was changed:\nline 3: syntax error\n"
    assert run.stderr == told
    assert len(calls()) == 1


def test_without_a_way_back_nothing_is_loaded(load, fakes):
    calls = fakes("nft", "systemctl", systemd_run="echo no such bus >&2; exit 1")
    run = load()
    assert run.returncode == 1
    assert run.stderr.startswith("the way back could not be prepared:\nno such bus")
    assert [call for call in calls() if call.startswith("nft -f")] == []
