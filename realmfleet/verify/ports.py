"""Ports seen from outside: what answers is declared, and what is declared and deployed answers."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from ipaddress import IPv4Address

from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.flows import FLOWS, inbound
from realmfleet.verify.model import Check, Verdict
from realmfleet.verify.probe import Sight, look

# What is often open by mistake, besides everything that we know of.
OFTEN_OPEN = frozenset(
    {21, 23, 25, 53, 111, 139, 445, 873, 2375, 2379, 3000, 3306, 8000, 8443, 9090, 9093}
    | {9200, 10250, 11211, 15672, 26379, 27017, 50000}
)

Look = Callable[[IPv4Address, Iterable[int]], Mapping[int, Sight]]


def ports_check(fleet: Fleet, droplet: Droplet, deployed: Collection[str]) -> Check:
    """`deployed`: the services that have a role. The droplet tells what listens, we then look."""
    declared, due = public_ports(fleet, droplet, deployed)
    judge = partial(judge_ports, droplet, declared, due, look)
    return Check("firewall", "ports from outside", "ss -Hltn", judge)


def public_ports(
    fleet: Fleet, droplet: Droplet, deployed: Collection[str]
) -> tuple[frozenset[int], frozenset[int]]:
    """TCP ports that anybody may reach, and those of them that must answer."""
    flows = [o.flow for o in inbound(fleet, droplet) if o.flow.public and o.flow.protocol == "tcp"]
    wished = [str(entry).partition("/") for entry in droplet.data.get("firewall_public", [])]
    extra = {int(port) for protocol, _, port in wished if protocol == "tcp"}
    declared = {port for flow in flows for port in range(flow.ports[0], flow.ports[1] + 1)}
    due = {flow.ports[0] for flow in flows if flow.service in deployed}
    return frozenset(declared | extra), frozenset(due)


def judge_ports(
    droplet: Droplet, declared: frozenset[int], due: frozenset[int], look: Look, answer: str
) -> Verdict:
    """`answer`: what listens on the droplet, in lines of `ss`."""
    listening = {int(port) for port in re.findall(r"^\S+\s+\d+\s+\d+\s+\S+:(\d+)\s", answer, re.M)}
    if not listening:
        raise ValueError("nothing listens")
    known = {flow.ports[0] for flow in FLOWS if flow.protocol == "tcp"}
    seen = look(droplet.public_ip, {*listening, *known, *declared, *OFTEN_OPEN})
    faults = [_fault(droplet, port, sight) for port, sight in seen.items() if port not in declared]
    faults += [
        f"{droplet.public_ip}:{port} is {seen[port]} from here, it must answer: ss -ltn"
        for port in sorted(due)
        if seen[port] != "open"
    ]
    reached = ", ".join(str(port) for port, sight in seen.items() if sight == "open")
    said = f"from outside {len(seen)} ports tried, answering: {reached or 'none'}"
    return Verdict(said, tuple(filter(None, faults)))


def _fault(droplet: Droplet, port: int, sight: Sight) -> str:
    """What is wrong with an undeclared port, empty where it is silent."""
    look = "nft list ruleset"
    if sight == "open":
        return f"{droplet.public_ip}:{port} answers from outside, no flow declares it: {look}"
    if sight == "closed":
        return f"{droplet.public_ip}:{port} is let through, no flow declares it: {look}"
    return ""
