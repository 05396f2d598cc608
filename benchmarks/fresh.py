"""A fresh rehearsal for one measurement, beside whatever else is rehearsed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from realmfleet.rehearsal.droplets import containers, execute
from realmfleet.rehearsal.play import Rehearsal, down, up
from realmfleet.rehearsal.stage import Stage
from realmfleet.rehearsal.steps import quietly

ROOT = Path(__file__).parents[1]


@contextmanager
def rehearsal(fleet: str, stage: str) -> Iterator[Rehearsal]:
    """Droplets as they are right after their first boot; gone afterwards."""
    where = Stage(ROOT, fleet, stage)
    down(where, quietly)
    try:
        yield up(where, quietly)
    finally:
        down(where, quietly)


def on(played: Rehearsal, droplet: str, script: str) -> str:
    """What a shell script prints on a droplet; SystemExit with its words where it fails."""
    container = containers(played.client, played.stage)[droplet]
    answer = execute(container, ["bash", "-euo", "pipefail", "-c", script])
    if answer.code:
        raise SystemExit(f"{droplet}: {answer.stderr.strip() or answer.stdout.strip()}")
    return answer.stdout


@contextmanager
def timed(seconds: list[float]) -> Iterator[None]:
    """Append the wall time of the block."""
    start = time.monotonic()
    yield
    seconds.append(time.monotonic() - start)
