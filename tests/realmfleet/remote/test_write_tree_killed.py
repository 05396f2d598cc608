"""Killed at any step, a tree is made of whole files, and its secrets are nobody's at any moment."""

import os
import signal

import pytest

from realmfleet.remote import script
from tests.realmfleet.remote.conftest import AFTER, BEFORE, SECRET, Tree

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


def test_a_run_killed_while_it_checks_leaves_all_as_it_was_and_the_next_one_tidies_up(tree):
    tree.former()
    assert tree.write(check="kill -9 $PPID").returncode == -signal.SIGKILL
    assert tree.seen() == BEFORE
    assert len(list(tree.stage.iterdir())) == 1
    assert tree.write().returncode == 0
    assert tree.seen() == AFTER
    assert list(tree.stage.iterdir()) == []


def forked(tree, lines="", **more):
    """The same program in a child of this process: sixty kills in a second instead of a minute."""
    text, call = script("write_tree", tree.payload(**more)).rsplit("\n\nmain(", 1)
    text = f"{text}\nSTAGE_ROOT = {str(tree.stage)!r}\n{lines}\nmain({call}"
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        try:
            exec(compile(text, "write_tree", "exec"), {})
        except SystemExit:
            os._exit(1)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(tree, step, **more):
    return forked(tree, KILLER.format(at=step, names=STEPS), **more) == -signal.SIGKILL


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
        assert forked(tree) == 0
        assert tree.seen() == AFTER, step
        assert list(tree.stage.iterdir()) == []
    assert steps > 20
