"""One host of an inventory as a droplet, or the mistakes that keep it from being one."""

from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Any, cast, get_args

from realmfleet.fleet.keys import TOPOLOGY_KEYS
from realmfleet.fleet.mistakes import Mistake, nearest
from realmfleet.fleet.model import DataRole, Droplet
from realmfleet.fleet.regions import REGIONS
from realmfleet.fleet.services import EVERYWHERE, SERVICES
from realmfleet.fleet.sizes import SIZES


def parse_droplet(host: Mapping[str, Any]) -> tuple[Droplet | None, list[Mistake]]:
    """The droplet and its mistakes; no droplet where region, size or address are missing."""
    name, groups, data = host["name"], host["groups"], host["data"]
    mistakes: list[Mistake] = []
    region = _region(name, groups, mistakes)
    size = _size(name, data, mistakes)
    public = _address(name, "public_ip", _public_address(name, data), mistakes)
    if public is None and not any(m.entry == f"{name}: public_ip" for m in mistakes):
        what = "no numeric public address"
        mend = "Set ssh_hostname to the droplet's address, or public_ip beside a DNS name."
        mistakes.append(Mistake(f"{name}: ssh_hostname", what, mend))
    if region is None or size is None or public is None:
        return None, mistakes
    droplet = Droplet(
        name=name,
        region=region,
        size=SIZES[size],
        services=tuple(s for s in SERVICES if s in groups or s in EVERYWHERE),
        public_ip=public,
        private_ip=_address(name, "private_ip", data.get("private_ip"), mistakes),
        mesh_ip=_address(name, "mesh_ip", data.get("mesh_ip"), mistakes),
        zones=_zones(data),
        postgres_role=_role(name, "postgres", groups, data, mistakes),
        redis_role=_role(name, "redis", groups, data, mistakes),
        data={key: value for key, value in data.items() if key not in TOPOLOGY_KEYS},
    )
    return droplet, mistakes


def _region(name: str, groups: list[str], mistakes: list[Mistake]) -> str | None:
    regions = [group for group in groups if group in REGIONS]
    if len(regions) == 1:
        return regions[0]
    what = f"it is in {len(regions)} regions" if regions else "it is in no region"
    mend = f"Put it into exactly one of the groups {', '.join(REGIONS)}."
    mistakes.append(Mistake(name, what, mend))
    return None


def _size(name: str, data: Mapping[str, Any], mistakes: list[Mistake]) -> str | None:
    slug = data.get("size")
    if slug is None:
        mend = "Add one, for example 's-2vcpu-4gb'."
        mistakes.append(Mistake(f"{name}: size", "no size", mend))
    elif slug not in SIZES:
        mend = nearest(str(slug), SIZES)
        mistakes.append(Mistake(f"{name}: size", f"unknown size {slug!r}", mend))
    else:
        return str(slug)
    return None


def _public_address(name: str, data: Mapping[str, Any]) -> object:
    """A rehearsal's address, else public_ip, else a numeric ssh_hostname."""
    rehearsal = data.get("rehearsal")
    if isinstance(rehearsal, dict) and name in rehearsal.get("addresses", {}):
        return rehearsal["addresses"][name]
    if "public_ip" in data:
        return data["public_ip"]
    hostname = data.get("ssh_hostname", "")
    numeric = isinstance(hostname, str) and hostname.replace(".", "").isdigit()
    return hostname if numeric else None


def _address(name: str, key: str, value: object, mistakes: list[Mistake]) -> IPv4Address | None:
    if value is None:
        return None
    try:
        return IPv4Address(str(value))
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
    key = f"{service}_role"
    role = data.get(key)
    if role is None:
        return "primary" if service in groups else None
    if service not in groups:
        what, mend = f"{key} on a droplet outside the group {service!r}", "Add it, or drop the key."
        mistakes.append(Mistake(f"{name}: {key}", what, mend))
    elif role not in get_args(DataRole):
        mend = nearest(str(role), get_args(DataRole))
        mistakes.append(Mistake(f"{name}: {key}", f"unknown role {role!r}", mend))
    else:
        return cast(DataRole, role)
    return None
