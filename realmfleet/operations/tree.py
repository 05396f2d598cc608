"""The one operation that writes configuration: a role's whole tree, checked, in one exec."""

from collections.abc import Sequence
from difflib import unified_diff

import click
from pyinfra import host, logger
from pyinfra.api import operation

from realmfleet.facts.tree import Texts, Tree
from realmfleet.files import Directory, File, PathState, paths
from realmfleet.operations import Commands
from realmfleet.operations.remote import run


@operation()
def tree(
    files: Sequence[File],
    directories: Sequence[Directory] = (),
    absent: Sequence[str] = (),
    check: str = "",
    prove: str = "",
    redact: Sequence[str] = (),
) -> Commands:
    """Make these files lie as asked, all or none.

    + files: the whole tree; only what differs is written, but everything is checked
    + directories: made first, with owner and mode
    + absent: paths that must not exist
    + check: shell, run before anything goes live; the candidates lie under $STAGE
    + prove: shell, run once they are in place; a failure puts the former files back
    + redact: values that the output of a failing check must not show
    """
    found = host.get_fact(Tree, paths=[*paths(files), *paths(directories), *absent])
    stale = [file for file in files if not _same(found, file)]
    bare = [directory for directory in directories if not _same(found, directory)]
    leftover = [path for path in absent if path in found]
    if not (stale or bare or leftover):
        host.noop("the tree is as asked")
        return
    if host.state.config.DIFF:
        _show([file for file in stale if not file.secret])
    yield run(
        "write_tree",
        {
            "files": [file.as_payload() | {"stale": file in stale} for file in files],
            "directories": [directory.as_payload() for directory in bare],
            "absent": leftover,
            "check": check,
            "prove": prove,
            "redact": list(redact),
        },
    )


def _same(found: dict[str, PathState], wanted: File | Directory) -> bool:
    return wanted.path in found and found[wanted.path].same_as(wanted)


def _show(files: Sequence[File]) -> None:
    texts = host.get_fact(Texts, paths=paths(files)) if files else {}
    for file in files:
        now = texts.get(file.path, "").splitlines()
        for line in unified_diff(now, file.content.splitlines(), file.path, file.path, lineterm=""):
            colour = {"+": "green", "-": "red"}.get(line[:1])
            logger.info(f"{host.print_prefix}  {click.style(line, fg=colour)}")
