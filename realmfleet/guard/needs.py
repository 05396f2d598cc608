"""What a fleet needs to be deployed: memory, settings that hold, real addresses, root."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import roles
from realmfleet.budget import check_memory
from realmfleet.fleet import Droplet, Fleet, Mistake, placeholders
from realmfleet.fleet.model import bare
from realmfleet.settings import WishError

Hosts = Sequence[Mapping[str, Any]]


def check_fit(fleet: Fleet, mistakes: Iterable[Mistake]) -> Iterator[Mistake]:
    """Memory of every droplet whose own entries are right; settings once the whole fleet is."""
    found = tuple(mistakes)
    faulty = {mistake.entry.partition(": ")[0] for mistake in found}
    for droplet in fleet.droplets:
        if droplet.name not in faulty:
            alone = replace(fleet, droplets=(droplet,))
            yield from _granted(partial(check_memory, alone), droplet, "size")
            if not found:
                yield from _settings(fleet, droplet)


def check_real(fleet: Fleet, selected: Iterable[str]) -> Iterator[Mistake]:
    """Placeholders among the droplets that SSH is about to contact."""
    if not fleet.rehearsed:
        real = {name for name in selected if not name.startswith("@")}
        meant = tuple(droplet for droplet in fleet.droplets if droplet.name in real)
        yield from placeholders(replace(fleet, droplets=meant))


def check_root(hosts: Hosts, selected: Iterable[str], *, sudo: bool) -> Iterator[Mistake]:
    """A deploy that cannot become root would fail in its first operation."""
    meant = set(selected)
    for host in hosts if not sudo else ():
        user = host["data"].get("ssh_user", "root")
        by_ssh = host["name"] in meant and not host["name"].startswith("@")
        if by_ssh and user != "root" and not host["data"].get("_sudo"):
            mend = "Add _sudo = True beside it."
            yield Mistake(f"{bare(host['name'])}: ssh_user", f"{user!r} is not root", mend)


def _settings(fleet: Fleet, droplet: Droplet) -> Iterator[Mistake]:
    for service in droplet.services:
        if service in roles.names() and (roles.HERE / service / "settings.py").exists():
            room = roles.room(service, "settings")
            yield from _granted(partial(room.settings, fleet, droplet), droplet, service)


def _granted(ask: Callable[[], Any], droplet: Droplet, entry: str) -> Iterator[Mistake]:
    """The mistakes that this question finds in the operator's wishes."""
    try:
        answer = ask()
        yield from (found for found in answer if isinstance(found, Mistake))
    except WishError as error:
        yield from error.mistakes
    except Exception as error:
        # A value of a shape that nobody thought of: still one line, and no droplet contacted.
        what = f"{type(error).__name__}: {error}".rstrip(".")
        mend = f"Look at the keys of {entry!r} on this droplet; if they are right, report this."
        yield Mistake(f"{droplet.name}: {entry}", what, mend)
