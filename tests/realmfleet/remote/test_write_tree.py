"""A role's tree is written whole or not at all, and its secrets are nobody's at any moment."""

import grp
import os
import pwd
import signal

import pytest

SECRET = "a-real-password"
ME = {
    "owner": pwd.getpwuid(os.geteuid()).pw_name,
    "group": grp.getgrgid(os.getegid()).gr_name,
}
# Calls that change something on a disk; a run is killed before each of them in turn.
STEPS = ("open", "chmod", "chown", "rename", "unlink", "mkdir", "fsync", "rmdir")
KILLER = """
import signal
def killing(real, steps=[0]):
    def call(*args, **more):
        steps[0] += 1
        if steps[0] == {at}:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **more)
    return call
for name in {names}:
    setattr(os, name, killing(getattr(os, name)))
shutil.copy2 = killing(shutil.copy2)
"""


class Tree:
    """A small tree under tmp_path: a plain file, a secret one, one to remove."""

    def __init__(self, root, program):
        self.root, self.stage, self._program = root, root / "stage", program
        self.plain, self.secret = root / "etc/plain.conf", root / "etc/deep/er/secret.env"
        self.old = root / "etc/old.conf"

    def file(self, path, content, mode=0o644, stale=True):
        return {"path": str(path), "content": content, "mode": mode, "stale": stale, **ME}

    def payload(self, **more):
        files = [self.file(self.plain, "new\n"), self.file(self.secret, SECRET, 0o600)]
        empty = {"directories": [], "absent": [str(self.old)], "check": "", "prove": ""}
        return {"files": files, "redact": [SECRET], **empty, **more}

    def write(self, lines="", **more):
        stage = f"STAGE_ROOT = {str(self.stage)!r}\n"
        return self._program("write_tree", self.payload(**more), stage + lines)

    def former(self):
        """What lies there before: one file to change, one to remove, none of the secret's."""
        self.plain.parent.mkdir()
        self.plain.write_text("former\n")
        self.plain.chmod(0o640)
        self.old.write_text("old\n")

    def seen(self):
        """path -> (content, mode) of every file of ours, temporary ones too."""
        found = (path for path in self.root.glob("etc/**/*") if path.is_file())
        return {p.name: (p.read_text(), p.stat().st_mode & 0o7777) for p in found}


BEFORE = {"plain.conf": ("former\n", 0o640), "old.conf": ("old\n", 0o644)}
AFTER = {"plain.conf": ("new\n", 0o644), "secret.env": (SECRET, 0o600)}


@pytest.fixture
def tree(tmp_path, program):
    return Tree(tmp_path, program)


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
    check = f'grep -q new "$STAGE{tree.plain}" && grep -q {SECRET} "$STAGE{tree.secret}"'
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
    proof = f"grep -q new {tree.plain} && grep -q {SECRET} {tree.secret} && ! test -e {tree.old}"
    done(tree.write(prove=proof))
    tree.plain.write_text("former\n")
    tree.plain.chmod(0o640)
    tree.secret.unlink()
    tree.old.write_text("old\n")
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


def test_a_run_killed_while_it_checks_leaves_all_as_it_was_and_the_next_one_tidies_up(tree):
    tree.former()
    assert tree.write(check="kill -9 $PPID").returncode == -signal.SIGKILL
    assert tree.seen() == BEFORE
    assert len(list(tree.stage.iterdir())) == 1
    done(tree.write())
    assert tree.seen() == AFTER
    assert list(tree.stage.iterdir()) == []


def killed_at(tree, step, **more):
    killer = KILLER.format(at=step, names=STEPS)
    return tree.write(killer, **more).returncode == -signal.SIGKILL


def exposed(tree):
    """Files with the secret that somebody else could read."""
    found = (path for path in tree.root.rglob("*") if path.is_file())
    return [p for p in found if SECRET in p.read_text() and p.stat().st_mode & 0o077]


def check_a_kill(tree, allowed):
    """Every file is the former or the new one, whole; no secret is open to anybody."""
    live = {n: entry for n, entry in tree.seen().items() if not n.endswith(".realmfleet")}
    assert live.items() <= allowed
    assert "plain.conf" in live
    assert exposed(tree) == []


@pytest.mark.parametrize("prove", ["", "exit 1"], ids=["written", "put back"])
def test_killed_at_any_step_it_leaves_whole_files_and_no_open_secret(tmp_path, program, prove):
    allowed, steps = BEFORE.items() | AFTER.items(), 0
    for step in range(1, 200):
        folder = tmp_path / str(step)
        folder.mkdir()
        tree = Tree(folder, program)
        tree.former()
        if not killed_at(tree, step, prove=prove):
            break
        steps += 1
        check_a_kill(tree, allowed)
        done(tree.write())
        assert tree.seen() == AFTER, step
        assert list(tree.stage.iterdir()) == []
    assert steps > 20
