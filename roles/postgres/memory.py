"""What PostgreSQL may use at worst, and the largest cache that leaves room for all of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log2

from realmfleet.amounts import clamp, floor_to, postgres_mb
from realmfleet.budget import budget
from realmfleet.fleet import Droplet
from realmfleet.settings import Setting, Value

# Own memory of one session: 3 MB when it starts, 16 measured after 200 prepared joins with
# TimescaleDB. The pool prepares 100 at most.
SESSION_MB = 10
WORKER_MB = 6
SENDER_MB = 4

# Checkpointer, writers, archiver, launchers, logger: 1 to 2 MB of their own each, measured.
HELPERS_MB = 20

# Beside the buffers themselves: WAL buffers, locks, SLRU, pg_stat_statements (5,000 x 2 kB).
SHARED_MB = 48
# Each 8 kB buffer has a descriptor of 64 B, a hash entry and a checksum's neighbourhood.
SHARED_OVERHEAD = 1.02

# Page tables: 8 bytes for every 4 kB that a process has touched, in every process.
PTE_PART = 1 / 512

# Parts are rounded up to whole MB, six of them.
ROUNDING_MB = 6

# The unit in which PostgreSQL counts a bare number. pg_settings.unit says so.
UNITS_KB = {
    "shared_buffers": 8,
    "work_mem": 1,
    "maintenance_work_mem": 1,
    "autovacuum_work_mem": 1,
}
COUNTS = (
    "max_connections",
    "max_worker_processes",
    "max_wal_senders",
    "autovacuum_max_workers",
    "hash_mem_multiplier",
)


@dataclass(frozen=True)
class Memory:
    """Sizes in MB and counts from which the worst case follows."""

    shared_buffers: float
    work_mem: float
    maintenance_work_mem: float
    autovacuum_work_mem: float
    max_connections: float
    max_worker_processes: float
    max_wal_senders: float
    autovacuum_max_workers: float
    hash_mem_multiplier: float

    def parts(self) -> dict[str, int]:
        """The worst case as a sum: every part's MB."""
        page_tables = self.shared_buffers * PTE_PART
        busy = self.work_mem * max(1.0, self.hash_mem_multiplier) + page_tables
        vacuum = self.autovacuum_work_mem
        vacuum = self.maintenance_work_mem if vacuum < 0 else vacuum
        parts = {
            "shared buffers": self.shared_buffers * SHARED_OVERHEAD + SHARED_MB + HELPERS_MB,
            f"{self.max_connections:.0f} sessions": self.max_connections * (SESSION_MB + busy),
            f"{self.max_worker_processes:.0f} workers": self.max_worker_processes
            * (WORKER_MB + busy),
            f"{self.max_wal_senders:.0f} senders": self.max_wal_senders * (SENDER_MB + page_tables),
            f"{self.autovacuum_max_workers:.0f} vacuums": self.autovacuum_max_workers
            * (WORKER_MB + vacuum + page_tables),
            "one CREATE INDEX": self.maintenance_work_mem,
        }
        return {part: -int(-mb // 1) for part, mb in parts.items()}

    def worst_case_mb(self) -> int:
        """Everything at its limit at once."""
        return sum(self.parts().values())

    @property
    def text(self) -> str:
        """The sum written out."""
        parts = " + ".join(f"{part} {mb}" for part, mb in self.parts().items())
        return f"{self.worst_case_mb()} MB = {parts}"


def plan(droplet: Droplet, counts: Mapping[str, Value], wishes: Mapping[str, Value]) -> Memory:
    """The memory of PostgreSQL on this droplet, around what the operator wishes.

    `counts` are the recommended numbers of processes. ValueError where a wish is no number.
    """
    share = budget(droplet).share("postgres")
    # 512 MB on the 8 GB fixture, 128 MB on Alpha, "1 GB" from 16 GB on.
    maintenance = clamp(16, _nearest_power(share / 16), 1024)
    sizes: dict[str, Value] = {
        "shared_buffers": "0MB",
        "work_mem": "4MB",
        "maintenance_work_mem": f"{maintenance}MB",
        # PostgreSQL 17 keeps dead rows in a radix tree: 16 MB hold millions of them.
        "autovacuum_work_mem": f"{clamp(16, maintenance // 4, 256)}MB",
    }
    memory = read({**counts, "hash_mem_multiplier": 2.0, **sizes, **wishes})
    if "shared_buffers" in wishes:
        return memory
    return replace(memory, shared_buffers=_largest_cache(memory, share, droplet.size.memory_mb))


def read(values: Mapping[str, Value]) -> Memory:
    """Memory from settings as PostgreSQL writes them. ValueError where one cannot be read."""
    sizes = {name: postgres_mb(values[name], unit) for name, unit in UNITS_KB.items()}
    return Memory(**sizes, **{name: _count(name, values[name]) for name in COUNTS})


def worst_case_mb(settings: Mapping[str, Setting]) -> int:
    """What a PostgreSQL with these settings may use at worst, in MB."""
    return read({name: setting.value for name, setting in settings.items()}).worst_case_mb()


def _largest_cache(memory: Memory, share: int, memory_mb: int) -> int:
    """Shared buffers for what the rest leaves: at most "25 % of RAM", in steps of 32 MB."""
    processes = (
        memory.max_connections
        + memory.max_worker_processes
        + memory.max_wal_senders
        + memory.autovacuum_max_workers
    )
    left = share - memory.worst_case_mb()
    largest = floor_to(32, left / (SHARED_OVERHEAD + processes * PTE_PART) - ROUNDING_MB)
    return clamp(64, largest, memory_mb // 4)


def _count(name: str, value: Value) -> float:
    try:
        return float(value)
    except ValueError:
        raise ValueError(f"{name}: {value!r} is no number") from None


def _nearest_power(value: float) -> int:
    """The power of two that is nearest by ratio."""
    return int(2 ** round(log2(value)))
