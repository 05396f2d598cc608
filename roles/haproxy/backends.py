"""Who stands behind an edge: the APIs of its region, and where Prometheus finds it."""

from dataclasses import dataclass

from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.flows import inbound
from realmfleet.fleet.game import API_PORT, LOOPBACK, listen_ip

METRICS_PORT = 8404

# Six failures a second apart before a server counts as down: while an API restarts, requests
# wait in their retries instead of being turned away. Back after two good answers; with several
# APIs slowstart lets caches and pools of the new one fill first.
BACKEND_CHECK = "inter 2s fastinter 1s downinter 1s fall 6 rise 2 slowstart 10s"


@dataclass(frozen=True)
class Server:
    """One API: `name` is its droplet's, by which it is drained."""

    name: str
    address: str
    port: int = API_PORT


def servers(fleet: Fleet, droplet: Droplet) -> tuple[Server, ...]:
    """The APIs of the edge's region, in the order of the inventory."""
    near = (d for d in fleet.carrying("api") if d.region == droplet.region)
    return tuple(Server(d.name, listen_ip(fleet, d, "api")) for d in near)


def metrics_ip(fleet: Fleet, droplet: Droplet) -> str:
    """Loopback where Prometheus is a neighbour, else the inner address; never the public one."""
    ports = (METRICS_PORT, METRICS_PORT)
    remote = any(
        o.flow.service == "haproxy" and o.flow.ports == ports for o in inbound(fleet, droplet)
    )
    return str(droplet.inner_ip) if remote and droplet.inner_ip else LOOPBACK
