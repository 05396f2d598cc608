"""Files with secrets: readable by their service alone."""

import shlex
from collections.abc import Iterable, Sequence
from functools import partial

from realmfleet.files import File
from realmfleet.verify.model import Check, Verdict


def secret_files(service: str, files: Iterable[File]) -> Check:
    """Owner, group and mode of those of a role's files that hold secrets."""
    secret = [file for file in files if file.secret]
    named = " ".join(shlex.quote(file.path) for file in secret)
    question = f"stat -L -c '%U %G %a %n' -- {named} 2>&1; true"
    return Check(service, "secret files", question, partial(judge_files, secret))


def judge_files(files: Sequence[File], answer: str) -> Verdict:
    """Exactly the owner and mode that were asked."""
    rows = [line.split(" ", 3) for line in answer.splitlines()]
    found = {row[3]: " ".join(row[:3]) for row in rows if len(row) == 4}
    faults = [
        f"{file.path} is {found.get(file.path, 'missing')}, asked {_asked(file)}: deploy again"
        for file in files
        if found.get(file.path) != _asked(file)
    ]
    said = f"files with secrets ({len(files)}) are readable by their service alone"
    return Verdict(said, tuple(faults))


def _asked(file: File) -> str:
    return f"{file.owner} {file.group} {file.mode:o}"
