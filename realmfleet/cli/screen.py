"""The status of a fleet as one screen: droplets, services, players, data, alerts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from realmfleet.fleet import Fleet

Status = Mapping[str, Any]


def well(found: Sequence[Status]) -> bool:
    """Whether every droplet answers, nothing is down and no alert fires."""
    return all(d["reachable"] for d in found) and not any(
        [*_down(found), *_every(found, "alerts")],
    )


def screen(fleet: Fleet, found: Sequence[Status]) -> RenderableType:
    """Everything, the summary last."""
    parts: list[RenderableType] = [_droplets(found), _services(found)]
    if zones := [*_every(found, "zones")]:
        parts.append(_zones(zones))
    if any(d.get("postgres") for d in found):
        parts.append(_databases(found))
    if caches := [d[k] for d in found for k in d if k.startswith("redis_") and d[k]]:
        parts.append(_caches(caches))
    spaced = [piece for part in parts for piece in (part, "")]
    return Group("", *spaced, _alerts(found), Text(_summary(fleet, found)))


def _table(*columns: str, right: Sequence[str] = ()) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", no_wrap=True)
    return table


def _droplets(found: Sequence[Status]) -> Table:
    table = _table("droplet", "region", "size", "up", "load", "memory free", "disk free",
                   right=("up", "load", "memory free", "disk free"))  # fmt: skip
    for one in found:
        named = (one["droplet"], one["region"], one["size"])
        if not one["reachable"]:
            table.add_row(*named, Text("does not answer", style="red"))
        elif machine := one.get("machine"):
            memory = _of(machine["memory_available_mb"], machine["memory_mb"])
            disk = _of(machine["disk_free_mb"], machine["disk_mb"])
            up = _span(machine["uptime_s"])
            table.add_row(*named, up, f"{machine['load']:.2f}", memory, disk)
        else:
            table.add_row(*named, Text("says nothing usable", style="red"))
    return table


def _services(found: Sequence[Status]) -> Table:
    table = _table("service", "droplet", "state", "version", "memory", "reserved",
                   right=("memory", "reserved"))  # fmt: skip
    for one in found:
        memory, versions = one.get("memory_mb") or {}, one.get("versions") or {}
        for service, state in (one.get("services") or {}).items():
            used = memory.get(service, {})
            held, reserved = used.get("held", 0), used.get("reserved", 0)
            table.add_row(
                service,
                one["droplet"],
                _state(state),
                versions.get(service) or (one.get(service) or {}).get("version", ""),
                f"{held:.0f} MB" if held else "",
                f"{reserved} MB" if reserved else "",
            )
    return table


def _state(state: Status) -> Text:
    if down := state["down"]:
        names = ", ".join(name.removesuffix(".service") for name in down)
        return Text(f"down: {names}", style="red")
    return Text("running" if state["units"] else "in force", style="green")


def _zones(zones: Sequence[Status]) -> Table:
    table = _table("zone", "players", "most", "state", "version", right=("players", "most"))
    for zone in sorted(zones, key=lambda zone: zone["instance"]):
        state = (
            "draining" if zone.get("draining") else "ready" if zone.get("ready") else "not ready"
        )
        style = "green" if state == "ready" else "yellow"
        counts = (str(zone.get("players", "")), str(zone.get("max", "")))
        table.add_row(zone["instance"], *counts, Text(state, style=style), zone.get("version", ""))
    return table


def _databases(found: Sequence[Status]) -> Table:
    table = _table("database", "droplet", "role", "size", "from cache", "sessions",
                   right=("size", "from cache", "sessions"))  # fmt: skip
    for one in found:
        server = one.get("postgres") or {}
        for base in server.get("databases", ()):
            hit = base["cache_hit_percent"]
            sessions = f"{server['sessions']} of {server['sessions_most']}"
            table.add_row(
                base["name"],
                one["droplet"],
                server["role"],
                f"{base['size_mb']} MB",
                "" if hit is None else f"{hit:.1f} %",
                sessions,
            )
    return table


def _caches(caches: Sequence[Status]) -> Table:
    table = _table("redis", "role", "keys", "memory", "found", right=("keys", "memory", "found"))
    for cache in caches:
        hit = cache["hit_percent"]
        memory = f"{cache['memory_mb']} of {cache['memory_most_mb']} MB"
        found = "" if hit is None else f"{hit:.1f} %"
        table.add_row(cache["instance"], cache["role"], str(cache["keys"]), memory, found)
    return table


def _alerts(found: Sequence[Status]) -> RenderableType:
    firing = [*_every(found, "alerts")]
    if not firing:
        watched = any("alerts" in one and one["alerts"] is not None for one in found)
        return Text("no alert fires" if watched else "nobody watches: no answer from Alertmanager")
    table = _table("alert", "severity", "where", "since", "what")
    for alert in firing:
        words = (alert.get(key, "") for key in ("name", "severity", "droplet", "since", "summary"))
        table.add_row(*words, style="red")
    return table


def _summary(fleet: Fleet, found: Sequence[Status]) -> str:
    players = sum(zone.get("players", 0) for zone in _every(found, "zones"))
    answering = sum(one["reachable"] for one in found)
    down = len([*_down(found)])
    return (
        f"{fleet.name}: {answering} of {len(found)} droplets answer, "
        f"{down or 'no'} unit{'s' if down != 1 else ''} down, {players} players"
    )


def _down(found: Sequence[Status]) -> Iterator[str]:
    for one in found:
        for state in (one.get("services") or {}).values():
            yield from state["down"]


def _every(found: Sequence[Status], key: str) -> Iterator[Status]:
    for one in found:
        yield from one.get(key) or ()


def _of(free: int, total: int) -> str:
    return f"{free / 1024:.1f} of {total / 1024:.1f} GB"


def _span(seconds: int) -> str:
    if seconds >= 2 * 86400:
        return f"{seconds // 86400} d"
    return f"{seconds // 3600} h" if seconds >= 2 * 3600 else f"{seconds // 60} min"
