"""Tenants of a fixed size: what each may use at worst, what it uses, and who says so.

"Measured" is PSS on a Debian 13 droplet under 30 bots: tests/rehearsal/test_game.py.
"""

from collections.abc import Iterator

from realmfleet.budget.model import Row
from realmfleet.fleet.model import Droplet

# One Godot 3.6 zone server with up to 100 players: 68 MB measured at 200; the rest is for a
# larger map. Of an idle one's 60 MB only 19 MB are its own, the others are shared file pages.
ZONE_MEMORY_MB = 96
ZONE_PRIVATE_MB, ZONE_SHARED_MB = 20, 40

# A release that is tried beside the running one, without players: a zone needs what any zone
# may need, an API less. One droplet tries one at a time, so one row is enough.
CANDIDATE_MB = 96

# service -> rows of (tenant, reserved, expected, reason)
_FIXED: dict[str, tuple[tuple[str, int, int, str], ...]] = {
    "base": (
        ("system", 96, 34, "systemd, journald, sshd, chrony; three operators' sessions"),
        ("maintenance", 160, 5, "apt at work: 118 measured; unattended-upgrades 100; one deploy"),
    ),
    "firewall": (("nftables", 4, 2, "the rule set in the kernel"),),
    "haproxy": (
        ("haproxy", 96, 16, "2,000 TLS sessions of 35 KB measured; 15 measured when idle"),
    ),
    "api": (("api", 128, 19, "Go: 19 measured, 24 more while passwords are hashed"),),
    "alertmanager": (("alertmanager", 64, 37, "37 measured, a few silences on top"),),
    "pgbouncer": (("pgbouncer", 48, 3, "1,000 clients with two packet buffers; 3 measured"),),
}

# Exporters run for what the droplet carries: service -> (tenant, reserved, expected, reason).
_EXPORTERS = {
    "base": (("node-exporter", 40, 18, "Go: 18 measured"),),
    "postgres": (("postgres-exporter", 40, 17, "Go: 17 measured"),),
    "redis": (
        ("redis-exporter session", 32, 14, "Go: 14 measured, one for each instance"),
        ("redis-exporter leaderboard", 32, 14, "Go: 14 measured, one for each instance"),
    ),
    "pgbouncer": (("pgbouncer-exporter", 40, 16, "Go, as its brothers"),),
}


def fixed_rows(droplet: Droplet) -> tuple[Row, ...]:
    """Rows of everything whose need does not depend on what is left."""
    return (
        *_kernel(droplet),
        *_services(droplet),
        *_exporters(droplet),
        *_games(droplet),
        *_tried(droplet),
    )


def _kernel(droplet: Droplet) -> Iterator[Row]:
    """What never reaches a program, and what the kernel needs to stay quick."""
    memory = droplet.size.memory_mb
    # Droplets show a MemTotal of 94 % (1 GB) to 97 % (8 GB): struct page takes 1/64 of the
    # memory, firmware and the kernel's image about 32 MB.
    # https://docs.kernel.org/mm/memory-model.html
    hidden = 32 + -(-memory * 3 // 100)
    yield Row("base", "hidden", hidden, hidden, "page descriptors, firmware, kernel image")
    kernel = 32 + memory // 64
    yield Row("base", "kernel", kernel, kernel * 2 // 3, "slabs, stacks, socket buffers")
    cache = 24 + memory // 48
    yield Row("base", "page cache", cache, cache, "programs' code, hot files: below it thrashes")


def _services(droplet: Droplet) -> Iterator[Row]:
    for service, rows in _FIXED.items():
        for row in rows if droplet.carries(service) else ():
            yield Row(service, *row)


def _exporters(droplet: Droplet) -> Iterator[Row]:
    for service, rows in _EXPORTERS.items():
        for row in rows if droplet.carries("exporters") and droplet.carries(service) else ():
            yield Row("exporters", *row)


def _games(droplet: Droplet) -> Iterator[Row]:
    """Zone servers by their number, and the metrics store by the droplet it was given."""
    if count := droplet.zone_instances:
        reserved, expected = count * ZONE_MEMORY_MB, count * ZONE_PRIVATE_MB + ZONE_SHARED_MB
        yield Row("zone", "zones", reserved, expected, f"{count} instances of {ZONE_MEMORY_MB} MB")
    if droplet.carries("prometheus"):
        # 93 MB measured with 14 targets; about 8 KB a series, so 256 MB hold Alpha's and
        # Beta's 15,000. A larger droplet was chosen to watch more.
        # https://prometheus.io/docs/prometheus/latest/storage/
        reserved = 256 + max(0, droplet.size.memory_mb - 4096) // 8
        reason = "15 days of metrics, scraped every 15 s; grows with the droplet"
        yield Row("prometheus", "prometheus", reserved, reserved * 9 // 25, reason)


def _tried(droplet: Droplet) -> Iterator[Row]:
    """Room for the candidate of a deploy; between deploys nobody uses it."""
    for service in ("zone", "api"):
        if droplet.carries(service):
            reason = "a new release beside the running one, one at a time; only while deploying"
            yield Row(service, "candidate", CANDIDATE_MB, 0, reason)
            return
