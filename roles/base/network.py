"""The kernel's network settings: long fat links between regions, UDP for players."""

from collections.abc import Iterator

from realmfleet.amounts import clamp
from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.regions import ROUND_TRIPS_MS
from realmfleet.settings import Setting

# Between regions we plan with one Gbit/s on one connection.
WAN_BYTES_A_MS = 125_000
LAN_BUFFER = 4 * 1024**2

# Godot's ENet asks for 256 kB; a kernel's default limit is 208 kB.
# https://github.com/godotengine/godot/blob/3.6/thirdparty/enet/enet/enet.h
UDP_BUFFER = 1024**2


def advice(fleet: Fleet, droplet: Droplet) -> Iterator[Setting]:
    """By what the droplet carries, and whether the fleet has several regions."""
    yield Setting("net.core.somaxconn", 4096, "a restarted service meets all its clients at once")
    yield Setting("net.ipv4.tcp_max_syn_backlog", 4096, "as many may be half open")
    yield Setting("net.ipv4.tcp_syncookies", 1, "a SYN flood does not lock players out")
    why = "pooled connections that were idle keep their speed"
    yield Setting("net.ipv4.tcp_slow_start_after_idle", 0, why)
    yield from _buffers(fleet, droplet)
    if len(fleet.regions) > 1:
        why = "keeps a long link full in spite of a lost packet; the kernel loads it by itself"
        yield Setting("net.core.default_qdisc", "fq", "paces what BBR sends")
        yield Setting("net.ipv4.tcp_congestion_control", "bbr", why)
    if droplet.carries("haproxy") or droplet.carries("api"):
        why = "the edge opens a port for each call; services listen below"
        yield Setting("net.ipv4.ip_local_port_range", "16384 65535", why)
    if droplet.inner_ip is not None:
        why = "services may listen on the mesh's address before the mesh is up"
        yield Setting("net.ipv4.ip_nonlocal_bind", 1, why)
    tracked = clamp(16384, droplet.size.memory_mb * 16, 524288)
    why = f"320 bytes each: {tracked * 320 // 1024**2} MB at worst"
    yield Setting("net.netfilter.nf_conntrack_max", tracked, why)


def _buffers(fleet: Fleet, droplet: Droplet) -> Iterator[Setting]:
    most, why = LAN_BUFFER, "one region: upstream's order of size"
    if len(fleet.regions) > 1:
        longest = max(ROUND_TRIPS_MS.values())
        most = longest * WAN_BYTES_A_MS
        why = f"{longest} ms x 1 Gbit/s: one connection fills the link between regions"
    yield Setting("net.core.rmem_max", most, why)
    yield Setting("net.core.wmem_max", most, why)
    yield Setting("net.ipv4.tcp_rmem", f"4096 131072 {most}", f"{why}; grows as needed")
    yield Setting("net.ipv4.tcp_wmem", f"4096 65536 {most}", f"{why}; grows as needed")
    if droplet.carries("zone"):
        why = "a rush of players' packets waits for the next tick instead of being lost"
        yield Setting("net.core.rmem_default", UDP_BUFFER, why)
        yield Setting("net.ipv4.udp_rmem_min", 16384, "also when memory is short")
