"""The rules of a droplet from the declared flows: pure, one line each."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from realmfleet.fleet import Droplet, Fleet, Mistake, nearest
from realmfleet.fleet.flows import Egress, inbound, outbound
from realmfleet.fleet.flows import egress as declared_egress
from realmfleet.settings import Setting, Settings, WishError


@dataclass(frozen=True)
class Rule:
    """An nftables match and why it is accepted."""

    match: str
    why: str


def settings(fleet: Fleet, droplet: Droplet) -> Settings:
    """What `realmfleet explain` shows: every opening, and the policy of both directions."""
    policy = "drop" if droplet.holds_data else "accept"
    why = "data lives here: only what is named leaves" if droplet.holds_data else "no data here"
    laid = [Setting("input", "drop", "nothing answers but the declared flows", "required")]
    laid += [Setting(f"input {r.match}", "accept", r.why) for r in openings(fleet, droplet)]
    laid.append(Setting("output", policy, why, "required"))
    laid += [Setting(f"output {r.match}", "accept", r.why) for r in egress(fleet, droplet) or ()]
    return Settings(laid)


def openings(fleet: Fleet, droplet: Droplet) -> tuple[Rule, ...]:
    """What may reach this droplet from other machines."""
    rules = []
    for opening in inbound(fleet, droplet):
        flow = opening.flow
        sources = _networks(droplet) if flow.service == "base" else opening.sources
        match = f"{_from(sources)}{flow.protocol} dport {_ports(flow.ports)}"
        rules.append(Rule(match, flow.why.replace('"', "'")))
    for entry in droplet.data.get("firewall_public", []):
        protocol, port = _port(droplet, "firewall_public", entry)
        rules.append(Rule(f"{protocol} dport {port}", "asked for in the inventory"))
    return tuple(rules)


def egress(fleet: Fleet, droplet: Droplet) -> tuple[Rule, ...] | None:
    """What a data droplet may open itself; None where everything may leave."""
    if not droplet.holds_data:
        return None
    rules = [_leaving(entry) for entry in declared_egress(droplet)]
    for flow, targets in outbound(fleet, droplet):
        match = f"ip daddr {_set(targets)} {flow.protocol} dport {_ports(flow.ports)}"
        rules.append(Rule(match, flow.why))
    for user, entries in droplet.data.get("firewall_egress", {}).items():
        for entry in entries:
            protocol, port = _port(droplet, f"firewall_egress: {user}", entry)
            match = f"{protocol} dport {port} meta skuid {user}"
            rules.append(Rule(match, "asked for in the inventory"))
    return tuple(rules)


def _leaving(entry: Egress) -> Rule:
    user = f" meta skuid {entry.user}" if entry.user else ""
    ports = ", ".join(map(str, entry.ports))
    return Rule(f"{entry.protocol} dport {{ {ports} }}{user}", entry.why)


def _networks(droplet: Droplet) -> tuple[IPv4Network, ...]:
    key, networks = "firewall_ssh_from", []
    for entry in droplet.data.get(key, []):
        try:
            networks.append(IPv4Network(entry))
        except ValueError as error:
            mend = "Write it as 198.51.100.0/24 or 198.51.100.7."
            raise WishError([Mistake(f"{droplet.name}: {key}", str(error), mend)]) from None
    return tuple(networks)


def _port(droplet: Droplet, key: str, entry: Any) -> tuple[str, int]:
    protocol, _, port = str(entry).partition("/")
    if protocol in ("tcp", "udp") and port.isdigit() and 0 < int(port) < 65536:
        return protocol, int(port)
    mend = f"Write it as 'tcp/443'. {nearest(protocol, ('tcp', 'udp'))}"
    raise WishError([Mistake(f"{droplet.name}: {key}", f"{entry!r} is no port", mend)])


def _from(sources: tuple[IPv4Address, ...] | tuple[IPv4Network, ...]) -> str:
    return f"ip saddr {_set(sources)} " if sources else ""


def _set(addresses: tuple[IPv4Address, ...] | tuple[IPv4Network, ...]) -> str:
    return "{ " + ", ".join(str(address) for address in addresses) + " }"


def _ports(ports: tuple[int, int]) -> str:
    first, last = ports
    return str(first) if first == last else f"{first}-{last}"
