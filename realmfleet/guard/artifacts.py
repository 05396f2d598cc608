"""The studio's builds, looked at before any droplet is contacted."""

from collections.abc import Iterator
from pathlib import Path

import roles
from realmfleet.artifacts.fetch import ArtifactError, fetch
from realmfleet.artifacts.model import mistakes
from realmfleet.fleet import Droplet, Fleet, Mistake
from realmfleet.fleet.model import bare
from realmfleet.guard.call import Call

# Service -> its builds of the studio, and whether one may be left out.
KEYS = {"api": {"api_artifact": False}, "zone": {"zone_artifact": False, "zone_probe": True}}
# The deploys that bring them onto droplets.
DEPLOYS = ("all.py", "game.py")


def check_artifacts(
    call: Call, fleet: Fleet, selected: frozenset[str], root: Path
) -> Iterator[Mistake]:
    """What is wrong with the builds of these droplets; their files only where they are needed.

    A url is downloaded here: a droplet that holds data may not ask the internet for it.
    """
    deploys = call.command == "deploy" and {Path(name).name for name in call.operations} & {
        *DEPLOYS
    }
    # A droplet that only seems to be (@fake) gets no file.
    real = {bare(name) for name in selected if not name.startswith("@")}
    for droplet in fleet.droplets:
        file = bool(deploys) and droplet.name in real
        for key, optional in _keys(droplet):
            if not optional or droplet.data.get(key):
                yield from _of(droplet, key, root, file=file)


def _keys(droplet: Droplet) -> Iterator[tuple[str, bool]]:
    for service, keys in KEYS.items():
        if droplet.carries(service) and service in roles.names():
            yield from keys.items()


def _of(droplet: Droplet, key: str, root: Path, *, file: bool) -> Iterator[Mistake]:
    source, entry = f"{droplet.name}: {key}", droplet.data.get(key, {})
    if not isinstance(entry, dict):
        return  # check_types says so
    if not file:
        yield from mistakes(source, entry)
        return
    try:
        fetch(source, entry, root)
    except ArtifactError as error:
        yield from error.mistakes
