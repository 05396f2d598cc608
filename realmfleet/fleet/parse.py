"""One host of an inventory as a droplet, or the mistakes that keep it from being one."""

import re
from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Any, cast

from realmfleet.fleet.keys import TOPOLOGY_KEYS
from realmfleet.fleet.mistakes import Mistake, nearest
from realmfleet.fleet.model import DataRole, Droplet, bare
from realmfleet.fleet.regions import REGIONS
from realmfleet.fleet.services import EVERYWHERE, SERVICES
from realmfleet.fleet.sizes import SIZES

# A label of a DNS name (RFC 1123), in lower case: it becomes the droplet's host name.
HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")

# A leaderboard is written to often and may lose a second: a synchronous copy would only slow it.
DATA_ROLES = {"postgres": ("primary", "standby", "replica"), "redis": ("primary", "replica")}


def parse_droplet(host: Mapping[str, Any]) -> tuple[Droplet | None, list[Mistake]]:
    """The droplet and its mistakes; no droplet where region, size or an address cannot be read."""
    name, groups, data = bare(host["name"]), host["groups"], host["data"]
    mistakes: list[Mistake] = []
    _check_name(name, mistakes)
    region = _region(name, groups, mistakes)
    size = _size(name, data, mistakes)
    public = _public_ip(name, data, mistakes)
    addresses = {key: _address(name, key, data, mistakes) for key in ("private_ip", "mesh_ip")}
    roles = {service: _role(name, service, groups, data, mistakes) for service in DATA_ROLES}
    if region is None or size is None or public is None:
        return None, mistakes
    if any(address is None and key in data for key, address in addresses.items()):
        return None, mistakes
    droplet = Droplet(
        name=name,
        region=region,
        size=SIZES[size],
        services=tuple(s for s in SERVICES if s in groups or s in EVERYWHERE),
        public_ip=public,
        private_ip=addresses["private_ip"],
        mesh_ip=addresses["mesh_ip"],
        zones=_zones(data),
        postgres_role=roles["postgres"],
        redis_role=roles["redis"],
        data={key: value for key, value in data.items() if key not in TOPOLOGY_KEYS},
    )
    return droplet, mistakes


def _check_name(name: str, mistakes: list[Mistake]) -> None:
    if not HOST_NAME.fullmatch(name):
        mend = "Use lower-case letters, digits and hyphens, for example db-1."
        mistakes.append(Mistake(name, "it cannot be a host name", mend))
    elif name in {*SERVICES, *REGIONS}:
        mend = f"Call it {name}-1: --limit could not tell them apart."
        mistakes.append(Mistake(name, "a group has the same name", mend))


def _region(name: str, groups: list[str], mistakes: list[Mistake]) -> str | None:
    regions = [region for region in REGIONS if region in groups]
    if len(regions) == 1:
        return regions[0]
    what = f"it is in {len(regions)} regions" if regions else "it is in no region"
    mend = f"Put it into exactly one of the groups {', '.join(REGIONS)}."
    mistakes.append(Mistake(name, what, mend))
    return None


def _size(name: str, data: Mapping[str, Any], mistakes: list[Mistake]) -> str | None:
    slug = data.get("size")
    if "size" not in data:
        mend = "Add one, for example 's-2vcpu-4gb'."
        mistakes.append(Mistake(f"{name}: size", "no size", mend))
    elif isinstance(slug, str) and slug not in SIZES:
        mend = nearest(slug, SIZES)
        mistakes.append(Mistake(f"{name}: size", f"unknown size {slug!r}", mend))
    return slug if isinstance(slug, str) and slug in SIZES else None


def _public_ip(name: str, data: Mapping[str, Any], mistakes: list[Mistake]) -> IPv4Address | None:
    """A rehearsal's address, else public_ip, else a numeric ssh_hostname."""
    rehearsal = data.get("rehearsal")
    laid = rehearsal.get("addresses") if isinstance(rehearsal, dict) else None
    if isinstance(laid, dict) and name in laid:
        return _address(name, "rehearsal", {"rehearsal": laid[name]}, mistakes)
    if "public_ip" in data:
        return _address(name, "public_ip", data, mistakes)
    hostname = data.get("ssh_hostname", "")
    if isinstance(hostname, str) and re.fullmatch(r"[0-9.]+|.*:.*", hostname):
        return _address(name, "ssh_hostname", data, mistakes)
    if isinstance(hostname, str):
        what = f"{hostname!r} is a name, the firewall needs a number" if hostname else "no address"
        mend = "Add its public_ip beside it." if hostname else "Set it to the public address."
        mistakes.append(Mistake(f"{name}: ssh_hostname", what, mend))
    return None


def _address(
    name: str, key: str, data: Mapping[str, Any], mistakes: list[Mistake]
) -> IPv4Address | None:
    value = data.get(key)
    if not isinstance(value, str):
        # Absent, or of a wrong type, which check_types says.
        return None
    try:
        return IPv4Address(value)
    except ValueError:
        mend = "Write it as four numbers, for example 10.104.0.2."
        mistakes.append(Mistake(f"{name}: {key}", f"{value!r} is no IPv4 address", mend))
        return None


def _zones(data: Mapping[str, Any]) -> dict[str, int]:
    zones = data.get("zone_instances", {})
    return dict(zones) if isinstance(zones, dict) else {}


def _role(
    name: str, service: str, groups: list[str], data: Mapping[str, Any], mistakes: list[Mistake]
) -> DataRole | None:
    key, known = f"{service}_role", DATA_ROLES[service]
    role = data.get(key)
    if key not in data:
        return "primary" if service in groups else None
    if service not in groups:
        what, mend = f"{key} on a droplet outside the group {service!r}", "Add it, or drop the key."
        mistakes.append(Mistake(f"{name}: {key}", what, mend))
    elif isinstance(role, str) and role not in known:
        mistakes.append(Mistake(f"{name}: {key}", f"unknown role {role!r}", nearest(role, known)))
    elif isinstance(role, str):
        return cast(DataRole, role)
    return None
