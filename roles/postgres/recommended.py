"""What we recommend for PostgreSQL 17 under a game, by subject; each value with its reason."""

from collections.abc import Iterator

from realmfleet.amounts import clamp, floor_to, postgres_text
from realmfleet.budget import budget, max_sessions, pool_sessions
from realmfleet.fleet import Droplet, Fleet
from realmfleet.settings import Setting
from roles.postgres.memory import Memory

# Services of the database's own: they come with it and count as its droplet.
COMPANIONS = ("base", "firewall", "exporters", "pgbouncer", "postgres")

SUPERUSER_RESERVED = 3


def counts(fleet: Fleet, droplet: Droplet) -> Iterator[Setting]:
    """How many processes of every kind may run."""
    cores = droplet.size.vcpus
    sessions, pool = max_sessions(droplet), pool_sessions(droplet)
    why = f"one per 56 MB of the share; the pool takes {pool}, clients queue there"
    yield Setting("max_connections", sessions, why)
    yield Setting("superuser_reserved_connections", SUPERUSER_RESERVED, "an operator gets in")
    spare = max(0, sessions - pool - SUPERUSER_RESERVED)
    yield Setting("reserved_connections", spare, "what the pool leaves is the monitor's")
    jobs = 4 if cores <= 2 else 8
    why = "a scheduler for each database, the launcher, and jobs"
    yield Setting("timescaledb.max_background_workers", jobs, why)
    # https://docs.timescale.com/self-hosted/latest/configuration/about-configuration/
    why = f"3 + {jobs} TimescaleDB + {cores} parallel: with fewer, jobs silently do not start"
    yield Setting("max_worker_processes", 3 + jobs + cores, why)
    yield Setting("max_parallel_workers", cores, "one for each vCPU")
    why = "half of the vCPUs: players' queries are short, the rest serve others"
    yield Setting("max_parallel_workers_per_gather", cores // 2, why)
    yield Setting("max_parallel_maintenance_workers", max(1, cores // 2), "half of the vCPUs")
    senders = 4 + 2 * (len(fleet.carrying("postgres")) - 1)
    why = "a base backup takes two, every replica two while it reconnects"
    yield Setting("max_wal_senders", senders, why)
    yield Setting("max_replication_slots", senders, "one for each sender")
    yield Setting("max_locks_per_transaction", 128, "a hypertable locks every chunk it touches")
    yield Setting("autovacuum_max_workers", 3, "upstream's; each may take autovacuum_work_mem")


def memory(droplet: Droplet, plan: Memory) -> Iterator[Setting]:
    """Sizes, as planned within the droplet's budget."""
    share = budget(droplet).share("postgres")
    cache = int(plan.shared_buffers)
    why = f"the most that fits: all of PostgreSQL stays below {share} MB, 25 % of RAM at most"
    yield Setting("shared_buffers", postgres_text(cache), why)
    neighbours = sum(
        row.reserved_mb for row in budget(droplet).rows if row.service not in COMPANIONS
    )
    size = (droplet.size.memory_mb - neighbours) * 3 // 4
    why = f"75 % of RAM less {neighbours} MB of other services; an estimate, nothing is taken"
    yield Setting("effective_cache_size", postgres_text(max(cache, size)), why)
    yield Setting("work_mem", "4MB", "a player's query sorts little; analytics raises its own")
    why = "upstream's; it counts in the worst case of every session"
    yield Setting("hash_mem_multiplier", 2.0, why)
    size = int(plan.maintenance_work_mem)
    why = "1/16 of the share; one index build at a time"
    yield Setting("maintenance_work_mem", postgres_text(size), why)
    size = int(plan.autovacuum_work_mem)
    why = "a quarter of it: three may run, and 17 packs dead rows tightly"
    yield Setting("autovacuum_work_mem", postgres_text(size), why)
    yield Setting("huge_pages", "try", "taken where the kernel has some; never a reason to fail")


def durability(droplet: Droplet) -> Iterator[Setting]:
    """WAL and checkpoints: as fast as full safety allows, bounded by the disk."""
    disk_mb = droplet.size.disk_gb * 1024
    most = clamp(512, floor_to(256, disk_mb / 20), 4096)
    yield Setting("synchronous_commit", "on", "an acknowledged save survives a power loss")
    yield Setting("wal_buffers", "16MB", "one whole segment: bulk loads do not wait")
    why = "fewer checkpoints, so fewer full page images; 5 % of the disk, 4 GB at most"
    yield Setting("max_wal_size", postgres_text(most), why)
    why = "segments are recycled, not created, up to a quarter of the most"
    yield Setting("min_wal_size", postgres_text(most // 4), why)
    why = "a page is imaged once in a checkpoint: 15 min cut WAL; replaying 4 GB takes a minute"
    yield Setting("checkpoint_timeout", "15min", why)
    yield Setting("checkpoint_completion_target", 0.9, "spreads the writes over the interval")
    yield Setting("wal_compression", "lz4", "full page images shrink to a third, for little CPU")
    kept = max(1, droplet.size.disk_gb // 10)
    why = "a lost replica may hold back 10 % of the disk, never fill it"
    yield Setting("max_slot_wal_keep_size", f"{kept}GB", why)


def planner() -> Iterator[Setting]:
    """Droplets have SSDs."""
    yield Setting("random_page_cost", 1.1, "a random read costs an SSD what a next one does")
    yield Setting("effective_io_concurrency", 200, "SSDs answer many reads at once")
    yield Setting("default_statistics_target", 100, "upstream's; more slows every plan")
    yield Setting("jit", False, "compiling takes longer than a player's query runs")


def vacuum() -> Iterator[Setting]:
    """Hot rows (positions, inventories) must not bloat."""
    yield Setting("autovacuum_vacuum_scale_factor", 0.1, "saves rewrite the same rows: earlier")
    yield Setting("autovacuum_analyze_scale_factor", 0.05, "plans follow a season's new data")
    why = "upstream's 200 is for spinning disks; an SSD takes five times that"
    yield Setting("autovacuum_vacuum_cost_limit", 1000, why)


def watching() -> Iterator[Setting]:
    """What operators see: statistics and a log without anybody's data."""
    yield Setting("pg_stat_statements.track", "all", "also statements inside functions")
    why = "BEGIN and COMMIT are half of all statements and tell nothing; ALTER ROLE stays out"
    yield Setting("pg_stat_statements.track_utility", False, why)
    yield Setting("track_activity_query_size", 2048, "long statements stay readable")
    yield Setting("track_io_timing", True, "tells a slow disk from a slow plan; 30 ns a read")
    yield Setting("log_min_duration_statement", "250ms", "a player notices a quarter of a second")
    yield Setting("log_lock_waits", True, "who waited for whom")
    yield Setting("log_temp_files", "4MB", "sorts that did not fit work_mem")
    yield Setting("log_autovacuum_min_duration", "10s", "vacuums that take long")
    yield Setting("log_line_prefix", "%m [%p] %q%u@%d/%a ", "who, where and which program")


def timeouts() -> Iterator[Setting]:
    """Nobody holds locks or a pooled session for ever. Roles set their own statement_timeout.

    Not client_connection_check_interval: its timer cost 13 % of select-only when measured.
    """
    why = "an open transaction keeps a pooled session and stops vacuum"
    yield Setting("idle_in_transaction_session_timeout", "60s", why)
    yield Setting("tcp_keepalives_idle", 60, "seconds; finds dead peers behind NAT and WAN")
    yield Setting("tcp_keepalives_interval", 10, "seconds between probes")
    yield Setting("tcp_keepalives_count", 6, "dead after two minutes")
