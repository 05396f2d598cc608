"""The fleet as frozen values: what an inventory says, once it has been checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Any, Literal

from realmfleet.fleet.services import SERVICES
from realmfleet.fleet.sizes import Size

DataRole = Literal["primary", "standby", "replica"]


def bare(name: str) -> str:
    """A host's name without pyinfra's connector: '@fake/alpha-1' is alpha-1 in a plan test."""
    return name.split("/", 1)[-1] if name.startswith("@") else name


@dataclass(frozen=True)
class Droplet:
    """One machine: size, services, addresses, and the operator's wishes (`data`).

    `zones` maps a zone's name to how many instances of it run here, `zones_before` to how many
    run on droplets of the region that stand earlier in the inventory. `data` holds
    every other key of the inventory and its group data, as written.
    """

    name: str
    region: str
    size: Size
    services: tuple[str, ...]
    public_ip: IPv4Address
    private_ip: IPv4Address | None = None
    mesh_ip: IPv4Address | None = None
    zones: Mapping[str, int] = field(default_factory=dict)
    zones_before: Mapping[str, int] = field(default_factory=dict)
    postgres_role: DataRole | None = None
    redis_role: DataRole | None = None
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def carries(self, service: str) -> bool:
        """Whether the service runs here."""
        return service in self.services

    @property
    def holds_data(self) -> bool:
        """Whether a data service lives here: then its egress is dropped by default."""
        return any(SERVICES[name].tier == "data" for name in self.services)

    @property
    def zone_instances(self) -> int:
        """How many zone processes run here."""
        return sum(self.zones.values())

    @property
    def inner_ip(self) -> IPv4Address | None:
        """Where other droplets reach this one: over the mesh, else the private network."""
        return self.mesh_ip or self.private_ip


@dataclass(frozen=True)
class Fleet:
    """All droplets of one inventory, in its order."""

    name: str
    droplets: tuple[Droplet, ...]
    zones: tuple[str, ...] = ()
    rehearsal_dir: str | None = None

    @property
    def rehearsed(self) -> bool:
        """Whether its droplets are containers of a rehearsal, whose folder is `rehearsal_dir`."""
        return self.rehearsal_dir is not None

    def droplet(self, name: str) -> Droplet:
        """The droplet of that name, with or without its connector; KeyError if there is none."""
        for droplet in self.droplets:
            if droplet.name == bare(name):
                return droplet
        raise KeyError(name)

    def carrying(self, service: str) -> tuple[Droplet, ...]:
        """The droplets on which a service runs."""
        return tuple(d for d in self.droplets if d.carries(service))

    def primary(self, service: Literal["postgres", "redis"]) -> Droplet | None:
        """The declared primary of a data service (the live one may differ after a failover)."""
        for droplet in self.carrying(service):
            if getattr(droplet, f"{service}_role") == "primary":
                return droplet
        return None

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions in the order of the inventory."""
        return tuple(dict.fromkeys(d.region for d in self.droplets))

    @property
    def services(self) -> tuple[str, ...]:
        """Services that run anywhere, in the order of the service table."""
        return tuple(name for name in SERVICES if self.carrying(name))

    @property
    def price_usd(self) -> int:
        """List price a month of all droplets."""
        return sum(d.size.price_usd for d in self.droplets)
