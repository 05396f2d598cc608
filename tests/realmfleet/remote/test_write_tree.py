"""A role's tree is written whole or not at all: checked before it is live, proved after."""

import os
import pwd

import pytest

from tests.realmfleet.remote.conftest import AFTER, BEFORE, ME, SECRET


def done(run):
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_it_writes_what_is_asked_and_removes_what_must_go_without_a_word(tree):
    tree.former()
    done(tree.write())
    assert tree.seen() == AFTER
    assert (tree.root / "etc/deep/er").stat().st_mode & 0o7777 == 0o755
    assert list(tree.stage.iterdir()) == []


def test_only_stale_files_are_written_but_all_are_checked(tree):
    tree.former()
    files = [tree.file(tree.plain, "new\n", stale=False), tree.file(tree.secret, SECRET, 0o600)]
    check = f'grep -q new "$STAGE{tree.plain}" && grep -q ^{SECRET} "$STAGE{tree.secret}"'
    before = tree.plain.stat()
    done(tree.write(files=files, check=check))
    assert tree.plain.stat() == before
    assert tree.secret.read_text() == SECRET


def test_directories_get_owner_and_mode(tree):
    path = tree.root / "var/data"
    done(tree.write(directories=[{"path": str(path), "mode": 0o2750, **ME}]))
    assert path.stat().st_mode & 0o7777 == 0o2750


def test_the_stage_can_be_entered_by_a_services_own_checker_and_listed_by_nobody(tree):
    check = 'stat -c %a "$STAGE" "$(dirname "$STAGE")" "$STAGE/.." > ' + f"{tree.root}/modes"
    done(tree.write(check=check))
    assert (tree.root / "modes").read_text().split() == ["711"] * 3


def test_a_refused_check_changes_nothing_and_says_why(tree):
    tree.former()
    run = tree.write(check="echo line 7 is wrong; exit 3")
    assert run.returncode == 1
    assert run.stderr == (
        "the check refused the new configuration, nothing was changed:\nline 7 is wrong\n"
    )
    assert tree.seen() == BEFORE
    assert list(tree.stage.iterdir()) == []


def test_a_check_stops_at_its_first_failing_line(tree):
    assert tree.write(check="false\ntrue").returncode == 1
    assert tree.write(check="echo $UNSET").returncode == 1


def test_a_failed_proof_puts_everything_back(tree):
    tree.former()
    was = tree.plain.stat()
    proof = f"grep -q new {tree.plain} && grep -q {SECRET} {tree.fresh} && ! test -e {tree.old}"
    done(tree.write(prove=proof))
    tree.former()
    run = tree.write(prove="echo no; exit 1")
    assert run.returncode == 1
    assert run.stderr.startswith("the proof refused the new configuration, nothing was changed")
    assert tree.seen() == BEFORE
    now = tree.plain.stat()
    assert (now.st_uid, now.st_gid, now.st_mode) == (was.st_uid, was.st_gid, was.st_mode)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_failed_proof_gives_a_file_back_to_its_former_owner(tree):
    tree.former()
    stranger = pwd.getpwnam("nobody")
    os.chown(tree.plain, stranger.pw_uid, stranger.pw_gid)
    seen = f"{tree.root}/during"
    assert tree.write(prove=f"stat -c %U {tree.plain} > {seen}; exit 1").returncode == 1
    assert (tree.root / "during").read_text() == "root\n"
    now = tree.plain.stat()
    assert (now.st_uid, now.st_gid) == (stranger.pw_uid, stranger.pw_gid)
    assert tree.seen() == BEFORE


def test_what_a_program_says_shows_no_secret_and_only_its_last_lines(tree):
    run = tree.write(check=f'seq 40; echo password "{SECRET}" is wrong; exit 1')
    assert SECRET not in run.stderr
    lines = run.stderr.splitlines()
    assert lines[-1] == "password (secret) is wrong"
    assert lines[1] == "22"


def test_what_a_killed_run_left_beside_a_file_is_no_obstacle(tree):
    tree.former()
    left = tree.plain.with_name(".plain.conf.realmfleet")
    left.write_text("half of a fi")
    left.chmod(0o600)
    done(tree.write())
    assert tree.seen() == AFTER
