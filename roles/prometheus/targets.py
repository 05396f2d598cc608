"""What Prometheus asks for metrics: every declared flow from it, droplet by droplet."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from realmfleet.fleet import Droplet, Fleet, Mistake, nearest
from realmfleet.fleet.flows import FLOWS, Flow, serves
from realmfleet.fleet.game import LOOPBACK, listen_ip, zone_instances
from realmfleet.settings import WishError

PORT = 9090
SCRAPE_EVERY_S = 15

# A game may do without metrics of these; docs/game.md calls them optional.
OPTIONAL = ("api", "zone")

# Redis' two servers are told apart by the port of their exporter.
REDIS = {9121: "session", 9122: "leaderboard"}


@dataclass(frozen=True)
class Target:
    """One address with /metrics, and what is told of it besides.

    `instance` is the droplet's name where the service runs there once; together with
    `droplet` and `job` it is unique in the fleet.
    """

    job: str
    address: str
    droplet: str
    region: str
    service: str
    instance: str
    zone: str = ""

    @property
    def labels(self) -> dict[str, str]:
        """As they stand in the configuration, those without a value left out."""
        names = ("droplet", "region", "service", "instance", "zone")
        return {name: value for name in names if (value := getattr(self, name))}


def targets(fleet: Fleet, droplet: Droplet, deployed: Collection[str]) -> tuple[Target, ...]:
    """Everything that the Prometheus of this droplet asks.

    `deployed`: the services that have a role. Raises WishError for a misspelt exception.
    """
    without = _without(droplet)
    flows = [f for f in FLOWS if f.source == "prometheus" and f.service not in without]
    found = [_own(droplet)]
    for flow in flows:
        if {flow.service, flow.beside or flow.service} <= {*deployed}:
            for other in fleet.droplets:
                found += _of(fleet, other, flow) if serves(other, flow) else ()
    return tuple(found)


def jobs(found: Collection[Target]) -> dict[str, tuple[Target, ...]]:
    """Targets by job, in the order in which they came."""
    names = dict.fromkeys(target.job for target in found)
    return {name: tuple(t for t in found if t.job == name) for name in names}


def _own(droplet: Droplet) -> Target:
    return _target(droplet, "prometheus", "prometheus", f"{LOOPBACK}:{PORT}")


def _of(fleet: Fleet, droplet: Droplet, flow: Flow) -> Iterator[Target]:
    """The targets of one flow on one droplet: one, but for zones."""
    address = listen_ip(fleet, droplet, flow.service)
    port = flow.ports[0]
    if flow.service == "zone":
        for zone in zone_instances(droplet):
            at = f"{address}:{zone.port}"
            yield _target(droplet, "zone", "zone", at, zone.name, zone.zone)
    elif flow.service == "exporters":
        job, service = flow.beside or "node", flow.beside or "base"
        yield _target(droplet, job, service, f"{address}:{port}", REDIS.get(port))
    else:
        yield _target(droplet, flow.service, flow.service, f"{address}:{port}")


def _target(
    droplet: Droplet,
    job: str,
    service: str,
    address: str,
    instance: str | None = None,
    zone: str = "",
) -> Target:
    name, region = droplet.name, droplet.region
    return Target(job, address, name, region, service, instance or name, zone)


def _without(droplet: Droplet) -> tuple[str, ...]:
    wished = tuple(droplet.data.get("prometheus_without", ()))
    for name in wished:
        if name not in OPTIONAL:
            source = f"{droplet.name}: prometheus_without"
            what = f"{name!r} cannot be left out"
            raise WishError([Mistake(source, what, nearest(str(name), OPTIONAL))])
    return wished
