"""Whom a run means: --limit and --exclude as pyinfra applies them, without its silence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from typing import Any

from realmfleet.fleet import Mistake, nearest

Hosts = Sequence[Mapping[str, Any]]


def selected(hosts: Hosts, limit: Iterable[str], exclude: Iterable[str]) -> frozenset[str]:
    """The names of the hosts that a run means."""
    limits = tuple(limit)
    meant = {host["name"] for host in hosts} if not limits else _matched(hosts, limits)
    return frozenset(meant - _matched(hosts, exclude))


def check_selection(
    hosts: Hosts, limit: Sequence[str], exclude: Sequence[str]
) -> Iterator[Mistake]:
    """Patterns that match nobody, and a run that means nobody: pyinfra exits 0 for both."""
    faults = [
        Mistake(f"{option} {pattern}", "no droplet and no group", _mend(hosts, pattern))
        for option, patterns in (("--limit", limit), ("--exclude", exclude))
        for pattern in patterns
        if not _matches(hosts, pattern)
    ]
    yield from faults
    if hosts and not faults and not selected(hosts, limit, exclude):
        what = "it leaves no droplet"
        yield Mistake(f"--exclude {' '.join(exclude)}", what, "Exclude fewer.")


def _matched(hosts: Hosts, patterns: Iterable[str]) -> set[str]:
    return {name for pattern in patterns for name in _matches(hosts, pattern)}


def _matches(hosts: Hosts, pattern: str) -> set[str]:
    """A group's name comes first, then host names with wildcards."""
    grouped = {host["name"] for host in hosts if pattern in host["groups"]}
    return grouped or {host["name"] for host in hosts if fnmatch(host["name"], pattern)}


def _mend(hosts: Hosts, pattern: str) -> str:
    groups = {group for host in hosts for group in host["groups"]}
    return nearest(pattern, {*groups, *(host["name"] for host in hosts)})
