"""HOW one service is set up. This file is the list of them: it finds every role by its folder."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent


@cache
def names() -> tuple[str, ...]:
    """The services that have a role."""
    return tuple(sorted(path.parent.name for path in HERE.glob("*/defaults.py")))


def room(service: str, module: str) -> ModuleType:
    """One file of a role, for example room('redis', 'settings')."""
    return import_module(f"roles.{service}.{module}")


def has(service: str, module: str) -> bool:
    """Whether a role has this file: `status` is optional."""
    return (HERE / service / f"{module}.py").exists()


def defaults() -> dict[str, Any]:
    """Every key that roles bring to inventories, with its default value."""
    return {
        key: value for name in names() for key, value in room(name, "defaults").DEFAULTS.items()
    }


def secrets(service: str) -> dict[str, str]:
    """The secrets that we make for a service: name -> what it is for."""
    found: dict[str, str] = room(service, "defaults").SECRETS
    return found


def given(service: str) -> dict[str, str]:
    """Those that somebody else makes, a certificate: name -> what it is, how to come by it."""
    found: dict[str, str] = getattr(room(service, "defaults"), "GIVEN", {})
    return found


def declined(service: str, data: Mapping[str, Any]) -> frozenset[str]:
    """Given secrets that an inventory with this data does without: GIVEN_IF names the key."""
    own = room(service, "defaults")
    keys: dict[str, str] = getattr(own, "GIVEN_IF", {})
    return frozenset(name for name, key in keys.items() if not data.get(key, own.DEFAULTS[key]))


def packages(service: str, carried: Iterable[str]) -> tuple[str, ...]:
    """The Debian packages of a service on a droplet that carries these services."""
    own = room(service, "defaults")
    beside: dict[str, tuple[str, ...]] = getattr(own, "PACKAGES_BESIDE", {})
    found: tuple[str, ...] = own.PACKAGES
    return found + tuple(name for other in carried for name in beside.get(other, ()))


def held(service: str) -> tuple[str, ...]:
    """Those of its packages that stay at the installed version until an operator upgrades."""
    found: tuple[str, ...] = getattr(room(service, "defaults"), "HELD", ())
    return found
