"""The secrets that a deploy will ask for: all there, and those that were given still good."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from realmfleet.fleet import Fleet, Mistake
from realmfleet.secrets import SecretsError, given, missing, store_for
from realmfleet.secrets.needed import command
from realmfleet.secrets.place import place_of
from realmfleet.secrets.values import check_value


def check_secrets(fleet: Fleet, root: Path) -> Iterator[Mistake]:
    """What the store lacks, and what is no good any more: a certificate expires by itself."""
    try:
        lacking, store = missing(fleet, root), store_for(fleet, root)
        yield from _unmade(fleet, root, lacking)
        if store.place.store.exists():
            # Where there is nothing yet, `secrets init` comes first, and tells what to give.
            yield from _ungiven(fleet, lacking)
        for name in given(fleet):
            if name not in lacking:
                yield from _unfit(fleet, name, store.get(name))
    except SecretsError as error:
        yield error.mistake


def _unmade(fleet: Fleet, root: Path, lacking: Iterable[str]) -> Iterator[Mistake]:
    """One command makes them all; in a rehearsal those too that an operator would give."""
    place = place_of(fleet, root)
    unmade = [name for name in lacking if fleet.rehearsed or name not in given(fleet)]
    if unmade:
        path = place.store
        shown = path.relative_to(root) if path.is_relative_to(root) else path
        what = f"no value for {', '.join(unmade)}" if path.exists() else "no secrets yet"
        yield Mistake(str(shown), what, f"Run: {place.mend}")


def _ungiven(fleet: Fleet, lacking: Iterable[str]) -> Iterator[Mistake]:
    for name, (_, purpose) in given(fleet).items():
        if name in lacking and not fleet.rehearsed:
            what = f"still to be given, {purpose}"
            yield Mistake(name, what, f"Run: {command(fleet.name, name)}")


def _unfit(fleet: Fleet, name: str, value: str) -> Iterator[Mistake]:
    try:
        check_value(name, value, fleet)
    except SecretsError as error:
        again = f"realmfleet rehearse up {fleet.name}"
        mend = again if fleet.rehearsed else command(fleet.name, name)
        fault = error.mistake
        yield Mistake(name, fault.what, f"{fault.mend} Then run: {mend}")
