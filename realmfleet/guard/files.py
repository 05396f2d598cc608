"""The files that a run's inventory is made of: the inventory itself and its group data."""

from collections.abc import Iterator
from pathlib import Path

from realmfleet.fleet import Mistake, nearest
from realmfleet.fleet.regions import REGIONS
from realmfleet.fleet.services import SERVICES
from realmfleet.guard.call import Call
from realmfleet.guard.sources import check_readable, check_written

INVENTORIES = Path("inventories")

# Groups that any fleet may have; each also has one of its own name.
GROUPS = frozenset({*REGIONS, *SERVICES, "all"})


def inventories() -> tuple[str, ...]:
    """The inventories of this checkout, as somebody types them."""
    return tuple(sorted(str(path) for path in INVENTORIES.glob("*.py")))


def check_inventory(call: Call) -> Iterator[Mistake]:
    """A mistyped inventory: pyinfra takes it for a host name, finds nobody and exits 0."""
    path, name = Path(call.inventory), call.inventory
    known = inventories()
    if path.exists() and "deploys" in path.absolute().parts and path.suffix == ".py":
        mend = f"The inventory comes first: pyinfra {known[0] if known else 'INVENTORY'} {name}"
        yield Mistake(name, "a deploy where the inventory belongs", mend)
    elif path.is_dir():
        yield Mistake(name, "a folder, not an inventory", f"Known: {', '.join(known)}.")
    elif not path.exists() and _means_file(name, known):
        yield Mistake(name, "there is no such inventory", _nearest(name, known))
    elif not path.exists() and call.command == "deploy":
        what = "a deploy needs an inventory, which says what each droplet is"
        yield Mistake(name, what, _nearest(name, known))


def check_sources(call: Call) -> Iterator[Mistake]:
    """Files that are no data; while there are any, nothing of them may be executed."""
    yield from check_readable(Path(call.inventory), call.inventory)
    for path in group_data(call):
        yield from check_readable(path, _shown(path))
    for folder in call.group_data:
        if not Path(folder).exists():
            mend = "pyinfra would pass over it: name an existing one."
            yield Mistake(f"--group-data {folder}", "there is no such folder", mend)


def check_slips(call: Call) -> Iterator[Mistake]:
    """What pyinfra passes over in readable files: doublets, odd groups, data for nobody."""
    yield from check_written(Path(call.inventory), call.inventory, inventory=True)
    groups = GROUPS | {Path(name).stem for name in (*inventories(), call.inventory)}
    for path in group_data(call):
        yield from check_written(path, _shown(path), inventory=False)
        if path.stem not in groups:
            mend = nearest(path.stem, groups)
            yield Mistake(_shown(path), f"there is no group {path.stem!r}", mend)


def group_data(call: Call) -> tuple[Path, ...]:
    """Every group data file that pyinfra will read, in its order."""
    beside = Path(call.inventory).absolute().parent / "group_data"
    folders = [Path.cwd() / "group_data", beside, *map(Path, call.group_data)]
    found = [
        path
        for folder in folders
        for path in ([folder] if folder.is_file() else sorted(folder.glob("*.py")))
    ]
    return tuple(dict.fromkeys(found))


def _means_file(name: str, known: tuple[str, ...]) -> bool:
    """Whether somebody meant a file: a fleet's bare name counts as one."""
    path = name.endswith(".py") or ("/" in name and "@" not in name)
    return path or name in {Path(inventory).stem for inventory in known}


def _nearest(name: str, known: tuple[str, ...]) -> str:
    stems = {Path(inventory).stem: inventory for inventory in known}
    close = nearest(Path(name).stem, stems)
    for stem, inventory in stems.items():
        if close == f"Did you mean {stem!r}?":
            return f"Did you mean {inventory!r}?"
    return f"Known: {', '.join(known)}."


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
