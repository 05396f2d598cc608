"""Schema migrations: SQL files applied in order, each once, each whole, as the database's owner.

Not sqitch: it would bring some sixty Perl packages to every database droplet and a start of its
own to every deploy, for what one table and psql do.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from realmfleet.fleet import Droplet, Mistake
from realmfleet.fleet.databases import databases
from realmfleet.render import quoted, render
from realmfleet.settings import WishError

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
# One file is one transaction: with one of its own a kill could leave half a file applied.
TRANSACTION = re.compile(r"^\s*(begin|commit|rollback|start\s+transaction)\s*;", re.I | re.M)


@dataclass(frozen=True)
class Migration:
    """One file: `version` orders it, the hash tells whether it has been edited."""

    version: int
    name: str
    text: str

    @property
    def sha256(self) -> str:
        """The hash that the database remembers."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def folders(droplet: Droplet) -> Mapping[str, Path]:
    """Database -> the folder of its migrations, for those that have one."""
    entries = databases(droplet).items()
    return {name: ROOT / e["migrations"] for name, e in entries if e.get("migrations")}


def read(folder: Path) -> tuple[Migration, ...]:
    """The files of a folder, in order. WishError where one has no plain name."""
    if mistakes := tuple(mistakes_in(str(folder), folder)):
        raise WishError(mistakes)
    return tuple(
        Migration(int(path.name[:4]), path.name, path.read_text()) for path in _files(folder)
    )


def mistakes_in(source: str, folder: Path) -> Iterator[Mistake]:
    """What is wrong with a folder of migrations; `source` is the entry that names it."""
    if not folder.is_dir():
        yield Mistake(source, "there is no such folder", "Name one from the repository's root.")
        return
    seen: dict[str, str] = {}
    for path in _files(folder):
        if not (match := NAME.fullmatch(path.name)):
            yield Mistake(f"{source}: {path.name}", "no plain name", "Name it like 0001_saves.sql.")
            continue
        if other := seen.get(match[1]):
            what = f"{other} has the same number"
            yield Mistake(f"{source}: {path.name}", what, "Give it the next free one.")
        seen[match[1]] = path.name
        if word := TRANSACTION.search(path.read_text()):
            what = f"{word[0].strip()!r}: the whole file is one transaction already"
            yield Mistake(f"{source}: {path.name}", what, "Leave it out.")


def script(
    owned: Mapping[str, tuple[str, str]],
    files: Mapping[str, tuple[Migration, ...]],
    applied: Mapping[str, Mapping[str, Any]],
) -> str:
    """What psql reads; empty where every file is applied. ValueError where history differs.

    `owned`: database -> owner and search path; `applied`: database -> name -> hash.
    """
    parts = []
    for database, wanted in files.items():
        owner, path = owned[database]
        missing = _missing(database, wanted, applied.get(database, {}))
        if missing:
            text = render(
                "postgres/migrations.sql.j2",
                database=database,
                owner=owner,
                path=path,
                migrations=[(m, quoted(m.name), quoted(m.sha256)) for m in missing],
            )
            parts.append(text)
    return "\n".join(parts)


def _missing(
    database: str, wanted: tuple[Migration, ...], applied: Mapping[str, Any]
) -> tuple[Migration, ...]:
    known = {migration.name for migration in wanted}
    if ahead := sorted(set(applied) - known):
        raise ValueError(
            f"{database} has {ahead[-1]}, which this checkout lacks: deploy from a newer one"
        )
    for migration in wanted:
        if applied.get(migration.name, migration.sha256) != migration.sha256:
            raise ValueError(
                f"{database}: {migration.name} was changed after it was applied: "
                "put it back, and write the change into a new file"
            )
    missing = tuple(m for m in wanted if m.name not in applied)
    late = [m.name for m in missing if applied and m.name < max(applied)]
    if late:
        raise ValueError(
            f"{database}: {late[0]} would come before {max(applied)}, which is applied: renumber it"
        )
    return missing


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.sql"))
