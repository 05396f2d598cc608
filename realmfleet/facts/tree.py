"""How the files of a role lie on the droplet."""

import shlex
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import replace

from pyinfra.api import FactBase

from realmfleet.files import PathState


class Tree(FactBase[dict[str, PathState]]):
    """path -> state of each of these files; a missing one is left out. One exec for all."""

    default = dict

    def command(self, paths: list[str]) -> str:
        named = " ".join(shlex.quote(path) for path in sorted(paths))
        # Neither may fail for a missing file: what is missing is simply not printed.
        return (
            f"stat -L -c 'stat %U %G %a %n' -- {named} 2>/dev/null; "
            f"sha256sum -- {named} 2>/dev/null; true"
        )

    def process(self, output: Iterable[str]) -> dict[str, PathState]:
        found: dict[str, PathState] = {}
        for line in output:
            if line.startswith("stat "):
                _, owner, group, mode, path = line.split(" ", 4)
                found[path] = PathState("", owner, group, int(mode, 8))
            else:
                digest, _, path = line.partition("  ")
                found[path] = replace(found[path], sha256=digest)
        return found


class Texts(FactBase[dict[str, str]]):
    """path -> content of each of these files, for a diff. A missing one is left out."""

    default = dict

    def command(self, paths: list[str]) -> str:
        named = " ".join(shlex.quote(path) for path in sorted(paths))
        show = 'echo "$f"; base64 -w0 < "$f"; echo'
        return f'for f in {named}; do if [ -f "$f" ]; then {show}; fi; done'

    def process(self, output: Iterable[str]) -> dict[str, str]:
        lines = list(output)
        pairs = zip(lines[::2], lines[1::2], strict=False)
        return {path: b64decode(text).decode(errors="replace") for path, text in pairs}
