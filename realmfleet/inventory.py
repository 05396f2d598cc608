"""Inventories as pyinfra reads them: through `debug-inventory --json`, never by importing it."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import realmfleet
import roles
from realmfleet.fleet import Fleet, FleetError, Mistake, load_fleet, nearest
from realmfleet.guard.report import told
from realmfleet.run import pyinfra

# The checkout: inventories, deploys and config.py lie there, and pyinfra starts there.
ROOT = Path(realmfleet.__file__).resolve().parents[1]


def fleet_names(root: Path = ROOT) -> tuple[str, ...]:
    """The fleets that have an inventory."""
    return tuple(sorted(path.stem for path in (root / "inventories").glob("*.py")))


def read_fleet(name: str, overlay: Sequence[str] = (), root: Path = ROOT) -> Fleet:
    """The checked fleet of an inventory; FleetError with every mistake found."""
    return load_fleet(name, read_hosts(name, overlay, root), roles.defaults())


def read_hosts(name: str, overlay: Sequence[str] = (), root: Path = ROOT) -> list[dict[str, Any]]:
    """Name, groups and data of every host; `overlay` are arguments of pyinfra's, see Rehearsal."""
    entry = f"inventories/{name}.py"
    if name not in fleet_names(root):
        what = f"there is no fleet {name!r}"
        raise FleetError([Mistake(entry, what, nearest(name, fleet_names(root)))])
    command = [pyinfra(), *overlay, entry, "debug-inventory", "--json"]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    try:
        hosts: list[dict[str, Any]] = json.loads(result.stdout)
    except json.JSONDecodeError:
        if refusal := told(result.stderr):
            raise FleetError(refusal) from None
        mend = f"See all of it: pyinfra {entry} debug-inventory"
        raise FleetError([Mistake(entry, _reason(result.stderr), mend)]) from None
    return hosts


def _reason(stderr: str) -> str:
    """The line that says what is wrong: the last one, less pyinfra's own framing."""
    lines = [line.strip() for line in stderr.splitlines()]
    told = [line for line in lines if line and not line.startswith(("-->", "^", "~"))]
    return told[-1].rstrip(".") if told else "pyinfra cannot read it"
