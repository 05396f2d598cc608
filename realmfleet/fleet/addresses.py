"""What must hold for addresses: each one its owner's, reachable, and nobody's placeholder."""

from collections import defaultdict
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from realmfleet.fleet.mistakes import Mistake
from realmfleet.fleet.model import Droplet, Fleet

# RFC 5737: addresses for documentation, which belong to nobody.
PLACEHOLDERS = tuple(
    IPv4Network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
)


def check_addresses(fleet: Fleet) -> Iterator[Mistake]:
    """Addresses that two droplets share, that are not usable, or that others cannot reach."""
    for key in ("public_ip", "private_ip", "mesh_ip"):
        yield from _shared(fleet, key)
    yield from _shared_ssh(fleet)
    for droplet in fleet.droplets:
        yield from _unusable(droplet)
    if len(fleet.droplets) > 1:
        yield from _unreachable(fleet)


def placeholders(fleet: Fleet) -> Iterator[Mistake]:
    """Documentation addresses: fine in a rehearsal, a mistake on a real run."""
    for droplet in fleet.droplets:
        if any(droplet.public_ip in net for net in PLACEHOLDERS):
            what = f"{droplet.public_ip} is a placeholder, not a droplet's address"
            mend = f"Put the real one there, or rehearse: realmfleet rehearse up {fleet.name}"
            yield Mistake(_entry(droplet, "public_ip"), what, mend)


def _entry(droplet: Droplet, key: str) -> str:
    """Where the address is written: a public one most often as ssh_hostname."""
    if key == "public_ip" and droplet.data.get("ssh_hostname") == str(droplet.public_ip):
        key = "ssh_hostname"
    return f"{droplet.name}: {key}"


def _shared(fleet: Fleet, key: str) -> Iterator[Mistake]:
    owners: dict[tuple[str, IPv4Address], list[Droplet]] = defaultdict(list)
    for droplet in fleet.droplets:
        address = getattr(droplet, key)
        # Private networks are one a region: two regions may use the same numbers.
        scope = droplet.region if key == "private_ip" else "fleet"
        if address is not None:
            owners[scope, address].append(droplet)
    for (_, address), droplets in owners.items():
        yield from _duplicate(droplets, key, str(address))


def _shared_ssh(fleet: Fleet) -> Iterator[Mistake]:
    """Two droplets behind one SSH address (a DNS name, a tunnel) would be set up over each other.

    Where one address is public_ip as well, the mistake is told already.
    """
    owners: dict[tuple[str, int], list[Droplet]] = defaultdict(list)
    seen: set[tuple[str, int, IPv4Address]] = set()
    for droplet in fleet.droplets:
        hostname, port = droplet.data.get("ssh_hostname"), droplet.data.get("ssh_port", 22)
        if not isinstance(hostname, str) or not isinstance(port, int):
            continue
        if (hostname, port, droplet.public_ip) not in seen:
            seen.add((hostname, port, droplet.public_ip))
            owners[hostname, port].append(droplet)
    for (hostname, _), droplets in owners.items():
        yield from _duplicate(droplets, "ssh_hostname", hostname)


def _duplicate(droplets: list[Droplet], key: str, address: str) -> Iterator[Mistake]:
    if len(droplets) > 1:
        others = ", ".join(droplet.name for droplet in droplets[1:])
        what = f"{address} is also the address of {others}"
        yield Mistake(_entry(droplets[0], key), what, "Give each droplet its own.")


def _unusable(droplet: Droplet) -> Iterator[Mistake]:
    for key in ("public_ip", "private_ip", "mesh_ip"):
        address: IPv4Address | None = getattr(droplet, key)
        if address is None:
            continue
        entry = _entry(droplet, key)
        if address.is_loopback or address.is_multicast or address.is_unspecified:
            what = f"{address} is no address of a droplet"
            mend = f"Set {key} to the one that other machines reach it by."
            yield Mistake(entry, what, mend)
        elif key != "public_ip" and address.is_global:
            mend = "Data services would listen on it: take one from 10.0.0.0/8."
            yield Mistake(entry, f"{address} is a public address", mend)


def _unreachable(fleet: Fleet) -> Iterator[Mistake]:
    """With several droplets every one needs an address that all others reach."""
    meshed = any(d.mesh_ip for d in fleet.droplets)
    for droplet in fleet.droplets:
        entry = f"{droplet.name}: mesh_ip"
        if droplet.inner_ip is None:
            mend = "Add one, for example 10.77.0.2: services listen on it, not on the public one."
            yield Mistake(entry, "no inner address", mend)
        elif droplet.mesh_ip is None and (meshed or len(fleet.regions) > 1):
            other = "others have one" if meshed else "a private network ends with its region"
            mend = "Add one, for example 10.77.0.2."
            yield Mistake(entry, f"no address in the mesh, and {other}", mend)
