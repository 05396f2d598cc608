"""Who may log in from where: access rules that follow from the declared flows, nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass

from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.flows import inbound
from roles.postgres.access import ANALYTICS, APPLICATION, MONITOR, REPLICATOR, access

LOOPBACK = "127.0.0.1/32"


@dataclass(frozen=True)
class HbaLine:
    """One line of pg_hba.conf. https://www.postgresql.org/docs/17/auth-pg-hba-conf.html"""

    kind: str
    databases: tuple[str, ...]
    users: tuple[str, ...]
    method: str
    why: str
    address: str = ""

    @property
    def text(self) -> str:
        """The line as PostgreSQL reads it."""
        names = (",".join(self.databases), ",".join(self.users))
        return " ".join(word for word in (self.kind, *names, self.address, self.method) if word)

    def __str__(self) -> str:
        return self.text


def hba(fleet: Fleet, droplet: Droplet) -> tuple[HbaLine, ...]:
    """Every line, in order. Raises WishError where the databases are not in order."""
    return (*_local(fleet, droplet), *_remote(fleet, droplet))


def _names(fleet: Fleet, droplet: Droplet) -> tuple[str, ...]:
    return tuple(database.name for database in access(fleet, droplet).databases)


def _local(fleet: Fleet, droplet: Droplet) -> Iterator[HbaLine]:
    names = _names(fleet, droplet)
    pooled = (APPLICATION.name, ANALYTICS.name)
    yield HbaLine("local", ("all",), ("postgres",), "peer", "operators, as the user postgres")
    seen = ("postgres", *names)
    yield HbaLine("local", seen, (MONITOR.name,), "peer", "the exporter, by its Unix user")
    yield HbaLine("local", names, pooled, "scram-sha-256", "the pool, over the socket")
    why = "the pool, or an operator's tunnel"
    yield HbaLine("host", names, pooled, "scram-sha-256", why, LOOPBACK)


def _remote(fleet: Fleet, droplet: Droplet) -> Iterator[HbaLine]:
    """Other droplets by their address; over an open network by TLS only."""
    kind = "host" if droplet.mesh_ip is not None else "hostssl"
    names = _names(fleet, droplet)
    for opening in inbound(fleet, droplet):
        if opening.flow.service != "postgres":
            continue
        for source in opening.sources:
            replica = opening.flow.source == "postgres"
            databases = ("replication",) if replica else names
            users = (REPLICATOR.name,) if replica else (APPLICATION.name, ANALYTICS.name)
            address = f"{source}/32"
            yield HbaLine(kind, databases, users, "scram-sha-256", opening.flow.why, address)
