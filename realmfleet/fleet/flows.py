"""Who may talk to whom: declared flows, from which firewall, HBA and checks follow."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Literal

from realmfleet.fleet.model import Droplet, Fleet

Protocol = Literal["tcp", "udp"]
INTERNET = "internet"

# Zone servers take ports from here on, one an instance; a hundred leave room for every shard.
ZONE_PORTS = (7000, 7099)


@dataclass(frozen=True)
class Flow:
    """`source` (a service, or the internet) may reach `ports` of `service`, first and last port.

    `beside`: only where that service runs too, for an exporter has nothing to tell elsewhere.
    `regional`: only between droplets of one region.
    """

    service: str
    source: str
    protocol: Protocol
    ports: tuple[int, int]
    why: str
    beside: str | None = None
    regional: bool = False

    @property
    def public(self) -> bool:
        """Whether anybody on the internet may use it."""
        return self.source == INTERNET


def _one(service: str, source: str, port: int, why: str, *, beside: str | None = None) -> Flow:
    return Flow(service, source, "tcp", (port, port), why, beside)


FLOWS = (
    _one("base", INTERNET, 22, "operators' SSH, by key only"),
    _one("haproxy", INTERNET, 80, "redirect to TLS"),
    _one("haproxy", INTERNET, 443, "players' API calls"),
    Flow("zone", INTERNET, "udp", ZONE_PORTS, "players' ENet traffic"),
    _one("api", "haproxy", 8080, "the edge forwards to the API"),
    Flow("api", "zone", "tcp", (8080, 8080), "zones save through their region's API", None, True),
    _one("pgbouncer", "api", 6432, "pooled database sessions"),
    _one("postgres", "pgbouncer", 5432, "the pool's server connections"),
    _one("postgres", "postgres", 5432, "streaming replication"),
    _one("redis", "api", 6379, "session cache"),
    _one("redis", "api", 6380, "leaderboards"),
    _one("redis", "redis", 6380, "leaderboard replication"),
    _one("haproxy", "prometheus", 8404, "edge metrics"),
    _one("api", "prometheus", 8080, "API metrics"),
    Flow("zone", "prometheus", "tcp", ZONE_PORTS, "zones' status and metrics"),
    _one("alertmanager", "prometheus", 9093, "alerts to deliver"),
    _one("exporters", "prometheus", 9100, "node metrics"),
    _one("exporters", "prometheus", 9121, "Redis session metrics", beside="redis"),
    _one("exporters", "prometheus", 9122, "Redis leaderboard metrics", beside="redis"),
    _one("exporters", "prometheus", 9127, "PgBouncer metrics", beside="pgbouncer"),
    _one("exporters", "prometheus", 9187, "PostgreSQL metrics", beside="postgres"),
)


@dataclass(frozen=True)
class Egress:
    """What a droplet that drops egress by default may still open to the internet, by Unix user.

    `user` None means any user. The user must exist when the rules are loaded: packages are
    installed before, and the user of a `service`, which no package brings, is made before.
    `service`: only where it runs.
    """

    protocol: Protocol
    ports: tuple[int, ...]
    user: str | None
    why: str
    service: str | None = None


# "They open no connection to the internet but for packages, DNS, time and backups."
EGRESS = (
    Egress("udp", (53,), None, "names"),
    Egress("tcp", (53,), None, "names, long answers"),
    Egress("udp", (123,), "_chrony", "time"),
    Egress("tcp", (80, 443), "_apt", "packages"),
    Egress("tcp", (443,), "alertmanager", "alerts to their webhook", "alertmanager"),
)


def egress(droplet: Droplet) -> tuple[Egress, ...]:
    """What this droplet may open to the internet where its egress is dropped by default."""
    return tuple(e for e in EGRESS if e.service is None or droplet.carries(e.service))


@dataclass(frozen=True)
class Opening:
    """One flow as a droplet sees it: the flow, and the addresses it may come from.

    `sources` empty means from anywhere (a public flow).
    """

    flow: Flow
    sources: tuple[IPv4Address, ...]


def inbound(fleet: Fleet, droplet: Droplet) -> tuple[Opening, ...]:
    """What may reach this droplet from other machines; neighbours on it use loopback."""
    openings = []
    for flow in FLOWS:
        if not serves(droplet, flow):
            continue
        if flow.public:
            openings.append(Opening(flow, ()))
        elif sources := _addresses(_others(fleet, droplet, flow.source, flow)):
            openings.append(Opening(flow, sources))
    return tuple(openings)


def outbound(fleet: Fleet, droplet: Droplet) -> tuple[tuple[Flow, tuple[IPv4Address, ...]], ...]:
    """What this droplet may reach on other droplets of the fleet."""
    reached = []
    for flow in FLOWS:
        if flow.public or not droplet.carries(flow.source):
            continue
        others = _others(fleet, droplet, flow.service, flow)
        if targets := _addresses(other for other in others if serves(other, flow)):
            reached.append((flow, targets))
    return tuple(reached)


def serves(droplet: Droplet, flow: Flow) -> bool:
    """Whether the flow ends on this droplet."""
    return droplet.carries(flow.service) and (flow.beside is None or droplet.carries(flow.beside))


def _others(fleet: Fleet, droplet: Droplet, service: str, flow: Flow) -> Iterator[Droplet]:
    for other in fleet.carrying(service):
        near = other.region == droplet.region or not flow.regional
        if other.name != droplet.name and near:
            yield other


def _addresses(droplets: Iterable[Droplet]) -> tuple[IPv4Address, ...]:
    return tuple(sorted(d.inner_ip for d in droplets if d.inner_ip is not None))
