"""The zones' environment: who they are, where players and the API find them."""

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from realmfleet.artifacts.model import read
from realmfleet.environment import check_variables
from realmfleet.fleet import Droplet, Fleet, Mistake
from realmfleet.fleet.flows import ZONE_PORTS
from realmfleet.fleet.game import (
    LOOPBACK,
    ZONE_CANDIDATE_PORT,
    ZoneInstance,
    api_of,
    listen_ip,
    zone_instances,
)
from realmfleet.settings import Setting, Settings, WishError, check_allowed, lay
from roles.zone.defaults import DEFAULTS

# A zone tells every player about every other: 100 of them take a tenth of a vCPU, 200 a half.
MAX_PLAYERS = 100

_OF_INSTANCES = "each instance has its own: realmfleet writes it"
_SECRET = "it holds a secret: realmfleet writes it"
FORBIDDEN = {
    **dict.fromkeys(
        ("ZONE", "INSTANCE", "PORT", "STATUS_LISTEN", "STATE_DIRECTORY"), _OF_INSTANCES
    ),
    **dict.fromkeys(("API_URL", "CANDIDATE"), _OF_INSTANCES),
    **dict.fromkeys(("ZONE_KEY", "TICKET_KEY"), _SECRET),
    "RELEASE": "it is the artifact's version",
}


def settings(fleet: Fleet, droplet: Droplet) -> Settings:
    """What all instances share, without secrets. Raises WishError for what cannot be granted."""
    wishes = knob(droplet, "zone_environment")
    source = f"{droplet.name}: zone_environment"
    check_variables(source, wishes)
    check_allowed(wishes, FORBIDDEN, source)
    _check_places(fleet, droplet)
    _check_arguments(droplet)
    why = "the server sends to each player what all do; above, it falls behind"
    return lay([Setting("MAX_PLAYERS", MAX_PLAYERS, why)], wishes, _required(droplet), source)


def knob(droplet: Droplet, key: str) -> Any:
    """The inventory's value for a key of this role, or its default."""
    return droplet.data.get(key, DEFAULTS[key])


def environment(
    fleet: Fleet, droplet: Droplet, instance: ZoneInstance, secrets: Mapping[str, str]
) -> dict[str, str]:
    """Everything that one instance is told, secrets included."""
    shared = {setting.name: setting.text for setting in settings(fleet, droplet).values()}
    place = instance.port - ZONE_PORTS[0]
    return shared | {
        "ZONE": instance.zone,
        "INSTANCE": instance.name,
        "PORT": str(instance.port),
        "STATUS_LISTEN": f"{listen_ip(fleet, droplet, 'zone')}:{instance.port}",
        "API_URL": f"http://{api_of(fleet, droplet, place)}",
        "ZONE_KEY": secrets["api_zone_key"],
        "TICKET_KEY": secrets["api_ticket_key"],
    }


def candidate_environment(
    fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str], folder: str
) -> dict[str, str]:
    """The same for a trial of the first zone: on ports of its own, and with no state to keep."""
    zone = zone_instances(droplet)[0].zone
    trial = ZoneInstance(f"{zone}-0", zone, ZONE_CANDIDATE_PORT)
    return environment(fleet, droplet, trial, secrets) | {
        "STATUS_LISTEN": f"{LOOPBACK}:{ZONE_CANDIDATE_PORT}",
        "STATE_DIRECTORY": folder,
        "CANDIDATE": "1",
    }


def arguments(droplet: Droplet) -> str:
    """What follows the program's name in the unit, quoted for systemd."""
    artifact = knob(droplet, "zone_artifact")
    if artifact and read(artifact).kind == "pck":
        return ""
    return " ".join(shlex.quote(word) for word in knob(droplet, "zone_arguments"))


def _required(droplet: Droplet) -> Iterator[Setting]:
    yield Setting("REGION", droplet.region, "for metrics and the directory")
    yield Setting("PUBLIC_ADDRESS", str(droplet.public_ip), "players are told this address")


def _check_places(fleet: Fleet, droplet: Droplet) -> None:
    most = ZONE_PORTS[1] - ZONE_PORTS[0] + 1
    if droplet.zone_instances > most:
        what = f"{droplet.zone_instances} instances, but {most} ports"
        mend = "Move some to another droplet."
        raise WishError([Mistake(f"{droplet.name}: zone_instances", what, mend)])
    if api_of(fleet, droplet) is None:
        what = f"no API in {droplet.region} for its zones"
        mend = "Put a droplet of the region into the group 'api'."
        raise WishError([Mistake(f"{droplet.name}: group 'zone'", what, mend)])


def _check_arguments(droplet: Droplet) -> None:
    for word in knob(droplet, "zone_arguments"):
        # systemd gives these a meaning of their own.
        if not isinstance(word, str) or not word or set(word) & set("%$\n'\"\\"):
            mend = "Write plain words, for example ['--headless']."
            source = f"{droplet.name}: zone_arguments"
            raise WishError([Mistake(source, f"{word!r} is no plain word", mend)])
