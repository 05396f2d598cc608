"""Where the game's own processes answer: zone instances, their ports, and who is whose API.

Units, players' directory, edge and monitoring all go by these rules.
"""

from dataclasses import dataclass

from realmfleet.fleet.flows import ZONE_PORTS, inbound
from realmfleet.fleet.model import Droplet, Fleet

LOOPBACK = "127.0.0.1"
API_PORT = 8080

# New releases are tried here beside the running ones. No flow leads to these ports.
API_CANDIDATE_PORT = 8081
ZONE_CANDIDATE_PORT = ZONE_PORTS[1] + 1


@dataclass(frozen=True)
class ZoneInstance:
    """One zone process: `name` is unique in its region; `port` is UDP for players, TCP for us."""

    name: str
    zone: str
    port: int


def zone_instances(droplet: Droplet) -> tuple[ZoneInstance, ...]:
    """The zone processes of a droplet.

    Ports go round by round: first one of every zone, then the second ones. A further instance
    of a zone takes the next free port and leaves the others where their players are.
    """
    before = droplet.zones_before
    turns = (
        (turn, zone)
        for turn in range(max(droplet.zones.values(), default=0))
        for zone, count in droplet.zones.items()
        if turn < count
    )
    return tuple(
        ZoneInstance(f"{zone}-{before.get(zone, 0) + turn + 1}", zone, ZONE_PORTS[0] + place)
        for place, (turn, zone) in enumerate(turns)
    )


def listen_ip(fleet: Fleet, droplet: Droplet, service: str) -> str:
    """Where a service answers HTTP on its droplet: loopback, unless another droplet asks it.

    One address, so neighbours on the droplet use the same.
    """
    remote = any(o.flow.service == service and not o.flow.public for o in inbound(fleet, droplet))
    return str(droplet.inner_ip) if remote and droplet.inner_ip else LOOPBACK


def api_of(fleet: Fleet, droplet: Droplet, place: int = 0) -> str | None:
    """`address:port` of the API for a zone: its neighbour, else one of its region, in turn.

    None where the region has no API.
    """
    near = [d for d in fleet.carrying("api") if d.region == droplet.region]
    own = [d for d in near if d.name == droplet.name]
    if not near:
        return None
    chosen = (own or near)[place % len(own or near)]
    return f"{listen_ip(fleet, chosen, 'api')}:{API_PORT}"
