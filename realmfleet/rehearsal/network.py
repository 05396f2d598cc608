"""One bridge network a rehearsal, in addresses that belong to nobody."""

import hashlib
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Network

import docker
from docker.errors import APIError
from docker.models.networks import Network
from docker.types import IPAMConfig, IPAMPool

from realmfleet.rehearsal.errors import RehearsalError
from realmfleet.rehearsal.stage import Stage

# RFC 2544, for benchmarks: never routed on the internet, and no laptop's own network.
BENCHMARKING = IPv4Network("198.18.0.0/15")
# The gateway has .1; droplets start at .11, so that nobody mistakes one for the other.
FIRST_DROPLET = 11


def candidates(seed: str) -> list[IPv4Network]:
    """All /24 networks, beginning with the seed's own: a rehearsal keeps its addresses."""
    nets = list(BENCHMARKING.subnets(new_prefix=24))
    start = int(hashlib.sha256(seed.encode()).hexdigest(), 16) % len(nets)
    return nets[start:] + nets[:start]


def free(seed: str, taken: Iterable[IPv4Network]) -> list[IPv4Network]:
    """The candidates that overlap with nothing that is there."""
    others = [net for net in taken if net.overlaps(BENCHMARKING)]
    return [net for net in candidates(seed) if not any(net.overlaps(other) for other in others)]


def allocate(
    subnet: IPv4Network, names: Iterable[str], held: Mapping[str, IPv4Address]
) -> dict[str, IPv4Address]:
    """An address for every droplet; those that run keep theirs."""
    spare = (ip for ip in list(subnet)[FIRST_DROPLET:-1] if ip not in held.values())
    return {name: held[name] if name in held else next(spare) for name in names}


def ensure(client: docker.DockerClient, stage: Stage) -> IPv4Network:
    """The subnet of the rehearsal's network, which is made where it does not exist."""
    for network in client.networks.list(filters=stage.label_filter):
        return subnets(network)[0]
    taken = [net for network in client.networks.list() for net in subnets(network)]
    for subnet in free(stage.network, taken):
        pool = IPAMPool(subnet=str(subnet), gateway=str(subnet[1]))
        try:
            client.networks.create(
                stage.network,
                driver="bridge",
                ipam=IPAMConfig(pool_configs=[pool]),
                labels=stage.labels,
            )
        except APIError as error:
            # Somebody took it between our look and our request, or the machine routes it.
            if "overlaps" in str(error):
                continue
            raise
        return subnet
    raise RehearsalError(f"Every network in {BENCHMARKING} is taken: docker network prune")


def subnets(network: Network) -> list[IPv4Network]:
    """The IPv4 networks of a Docker network."""
    pools = (network.attrs.get("IPAM") or {}).get("Config") or []
    texts = [pool.get("Subnet", "") for pool in pools]
    return [IPv4Network(text) for text in texts if text and ":" not in text]
