"""The kernel's settings for one droplet: conflicts between its tenants are settled here, once."""

import re
from collections.abc import Iterator, Mapping

from realmfleet.amounts import clamp, floor_to
from realmfleet.budget import budget
from realmfleet.fleet import Droplet, Fleet, Mistake
from realmfleet.settings import Setting, Settings, WishError, check_names, lay
from roles.base import hardening, network

# The first word of every kernel setting. https://docs.kernel.org/admin-guide/sysctl/
AREAS = ("abi", "debug", "dev", "fs", "kernel", "net", "user", "vm")

# Rows of the budget that no program can commit. The others fit into the rest and the swap
# on every size (a test says so).
KERNEL_ROWS = ("hidden", "kernel")


def settings(fleet: Fleet, droplet: Droplet) -> Settings:
    """Everything about the kernel: sysctl keys, transparent huge pages, swap."""
    swap = Setting("swap_mb", swap_mb(droplet), "a net for mistakes; the budget fits without it")
    return Settings([*sysctl(fleet, droplet).values(), thp(droplet), swap])


def sysctl(fleet: Fleet, droplet: Droplet) -> Settings:
    """The sysctl keys. Raises WishError for wishes that are no sysctl or are forbidden."""
    wishes = droplet.data.get("base_sysctl", {})
    source = f"{droplet.name}: base_sysctl"
    _check_keys(wishes, source)
    advice = [*_memory(droplet), *network.advice(fleet, droplet), *hardening.advice()]
    return lay(advice, wishes, _overcommit(droplet), source)


def thp(droplet: Droplet) -> Setting:
    """Transparent huge pages."""
    why = "programs that gain from huge pages ask for them"
    if droplet.carries("redis"):
        why = "with 'always' each write after a fork would copy 2 MB for Redis; who gains asks"
    return Setting("transparent_hugepage", "madvise", why)


def swap_mb(droplet: Droplet) -> int:
    """Size of the swap file: a quarter of the memory, at most a tenth of the disk."""
    most = min(2048, droplet.size.disk_gb * 1024 // 10)
    return clamp(512, floor_to(256, droplet.size.memory_mb / 4), most)


def _overcommit(droplet: Droplet) -> Iterator[Setting]:
    """Redis wants 1, PostgreSQL alone 2: whoever lives here decides."""
    if droplet.carries("redis"):
        why = "Redis forks to save, and the kernel must not refuse; the memory budget is the guard"
        yield Setting("vm.overcommit_memory", 1, why)
    elif droplet.carries("postgres"):
        why = "PostgreSQL gets 'out of memory' for one query instead of the OOM killer for all"
        yield Setting("vm.overcommit_memory", 2, why)
        kernel = sum(r.reserved_mb for r in budget(droplet).rows if r.tenant in KERNEL_ROWS)
        limit = (droplet.size.memory_mb - kernel) * 1024
        yield Setting("vm.overcommit_kbytes", limit, "all but the kernel's own, and the swap")
    else:
        yield Setting("vm.overcommit_memory", 0, "upstream's: nothing here forks large")


def _memory(droplet: Droplet) -> Iterator[Setting]:
    memory = droplet.size.memory_mb
    quick = droplet.holds_data or droplet.carries("zone")
    why = "swap only instead of death: a swapped page holds up every player"
    yield Setting("vm.swappiness", 1 if quick else 10, why if quick else "swap late")
    background = clamp(16, floor_to(16, memory / 64), 256)
    why = "writing starts early, so that no fsync waits behind seconds of others' data"
    yield Setting("vm.dirty_background_bytes", background * 1024**2, f"{background} MB: {why}")
    why = "writers wait above this"
    yield Setting("vm.dirty_bytes", 4 * background * 1024**2, f"{4 * background} MB: {why}")
    yield Setting("kernel.panic", 10, "seconds: a dead kernel reboots instead of waiting")


def _check_keys(wishes: Mapping[str, object], source: str) -> None:
    check_names({name.split(".")[0]: "" for name in wishes}, AREAS, source)
    odd = [name for name in wishes if not re.fullmatch(r"[a-z]+(\.[a-zA-Z0-9_*/-]+)+", name)]
    if odd:
        mend = "Write keys as sysctl does: vm.swappiness."
        raise WishError(Mistake(source, f"{name!r} is no sysctl key", mend) for name in odd)
