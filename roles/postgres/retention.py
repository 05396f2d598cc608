"""Old chunks of hypertables go by a timer: TimescaleDB's Apache edition has no policies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from realmfleet.fleet import Droplet, Mistake
from realmfleet.fleet.databases import databases


@dataclass(frozen=True)
class Kept:
    """One hypertable and how many days it keeps."""

    database: str
    table: str
    days: int


def kept(droplet: Droplet) -> tuple[Kept, ...]:
    """What the inventory keeps for a time only."""
    return tuple(
        Kept(database, table, days)
        for database, entry in databases(droplet).items()
        for table, days in entry.get("keep_days", {}).items()
    )


def mistakes_in(source: str, entry: object) -> Iterator[Mistake]:
    """What is wrong with one `keep_days`."""
    if entry is None:
        return
    if not isinstance(entry, Mapping):
        yield Mistake(source, f"{entry!r} is no dict", "Write {'campaign.events': 30}.")
        return
    for table, days in entry.items():
        name = str(table)
        if not name.replace(".", "", 1).replace("_", "").isalnum() or name.count(".") != 1:
            yield Mistake(source, f"{name!r} is no table", "Write schema.table in plain letters.")
        if not isinstance(days, int) or isinstance(days, bool) or days < 1:
            yield Mistake(f"{source}: {name}", f"{days!r} is no number of days", "Write 1 or more.")
