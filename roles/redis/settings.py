"""Redis's settings for both instances of a droplet, within its memory, fork copies included."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from realmfleet.amounts import redis_mb
from realmfleet.budget import budget
from realmfleet.fleet import Droplet, Fleet, Mistake
from realmfleet.fleet.flows import inbound
from realmfleet.settings import (
    Setting,
    Settings,
    WishError,
    check_allowed,
    check_names,
    lay,
    names_in,
)
from roles.redis.instances import INSTANCES, Instance

KNOWN = names_in(Path(__file__).with_name("known_settings.txt"))

# Names that no inventory may set, whatever the value.
FORBIDDEN = {
    "requirepass": "users have their own passwords (ACL); it would open the default user",
    "replicaof": "who is the primary is read from the live servers",
    "slaveof": "who is the primary is read from the live servers",
    "masterauth": "it is a secret: realmfleet writes it",
    "pidfile": "systemd watches the process",
}

# One idle server and its threads: 8 MB resident measured, and room for scripts.
PROCESS_MB = 14

# jemalloc keeps 10 % more than it hands out; https://redis.io/docs/latest/commands/info/
# calls more than 50 % a problem.
FRAGMENTATION = 1.1

# `maxmemory-clients`: all connections together, in percent of maxmemory.
CLIENTS_PERCENT = 5

# Part of the droplet's memory that both instances may hold: "at most ~60 %".
MOST_PERCENT = 60


def settings(fleet: Fleet, droplet: Droplet) -> Settings:
    """Every setting of both instances, named after its instance: 'session.maxmemory'."""
    return Settings(
        Setting(f"{name}.{setting.name}", setting.value, setting.reason, setting.origin)
        for name, laid in instances(fleet, droplet).items()
        for setting in laid.values()
    )


def instances(fleet: Fleet, droplet: Droplet) -> dict[str, Settings]:
    """The settings of each instance by its name.

    Raises WishError for wishes that are unknown, forbidden, or do not fit the memory.
    """
    wished = droplet.data.get("redis_settings", {})
    check_names(wished, [i.name for i in INSTANCES], f"{droplet.name}: redis_settings")
    laid = {}
    for instance in INSTANCES:
        source = f"{droplet.name}: redis_settings: {instance.name}"
        wishes = wished.get(instance.name, {})
        check_names(wishes, KNOWN, source)
        check_allowed(wishes, FORBIDDEN, source)
        advice = [*_memory(fleet, droplet, instance), *_persistence(), *_clients(), *_latency()]
        laid[instance.name] = lay(advice, wishes, _required(fleet, droplet, instance), source)
    _check_memory(droplet, laid)
    return laid


def worst_case_mb(laid: Mapping[str, Settings]) -> int:
    """What both instances may use at worst: full, fragmented, and both saving (fork)."""
    return sum(_parts(laid).values())


def _parts(laid: Mapping[str, Settings]) -> dict[str, int]:
    parts = {}
    for name, values in laid.items():
        most = redis_mb(values["maxmemory"].value)
        parts[f"{name} data"] = -int(-most * FRAGMENTATION // 1)
        parts[f"{name} fork copy"] = -int(-most * FRAGMENTATION // 1)
        rest = PROCESS_MB + _replicas_mb(values) + most * CLIENTS_PERCENT / 100
        parts[f"{name} process and clients"] = -int(-rest // 1)
    return parts


def _replicas_mb(values: Settings) -> float:
    """What replicas may be behind. Since Redis 7 they share one buffer with the backlog."""
    words = str(values["client-output-buffer-limit"].value).split()
    limit = redis_mb(words[words.index("replica") + 1]) if "replica" in words else 256
    return max(limit, redis_mb(values["repl-backlog-size"].value))


def _replica_buffer_mb(fleet: Fleet, share: int) -> int:
    """An eighth of the share at most: two instances' buffers must leave room for data."""
    return min(64, share // 8) if len(fleet.carrying("redis")) > 1 else 8


def _memory(fleet: Fleet, droplet: Droplet, instance: Instance) -> Iterator[Setting]:
    """maxmemory, so that the worst case of both instances is the budget's share."""
    share = budget(droplet).share("redis")
    replicas = _replica_buffer_mb(fleet, share)
    # Six parts are rounded up to whole MB.
    left = share - len(INSTANCES) * (PROCESS_MB + replicas) - 6
    most = min(
        left / (2 * FRAGMENTATION + CLIENTS_PERCENT / 100),
        droplet.size.memory_mb * MOST_PERCENT / 100,
    )
    size = int(most * instance.percent / 100)
    why = f"{instance.percent} % of what {share} MB hold twice: the data and its fork copy"
    yield Setting("maxmemory", f"{size}mb", why)
    yield Setting("maxmemory-clients", f"{CLIENTS_PERCENT}%", "slow readers cannot fill the memory")
    yield Setting("maxmemory-samples", 10, "evicts what is really old; 5 is coarser")
    why = "a replica that was away catches up from here; taken when the first one comes"
    yield Setting("repl-backlog-size", f"{replicas // 2}mb", why)
    why = "normal clients are bounded together; replicas and listeners may lag by so much"
    limits = f"normal 0 0 0 replica {replicas}mb {replicas // 2}mb 60 pubsub 32mb 8mb 60"
    yield Setting("client-output-buffer-limit", limits, why)


def _persistence() -> Iterator[Setting]:
    yield Setting("save", "900 1 300 10 60 10000", "a snapshot beside the log: quick to copy away")
    yield Setting("appendfsync", "everysec", "a power loss costs one second")
    yield Setting("no-appendfsync-on-rewrite", "no", "also while a rewrite is at work")
    yield Setting("auto-aof-rewrite-percentage", 100, "the log is rewritten when it has doubled")
    yield Setting("auto-aof-rewrite-min-size", "64mb", "not for less")


def _clients() -> Iterator[Setting]:
    yield Setting("maxclients", 1000, "every API process has 20 at most; files for more exist")
    yield Setting("timeout", 0, "pools keep idle connections")
    yield Setting("tcp-keepalive", 300, "seconds; finds dead peers")
    yield Setting("tcp-backlog", 511, "below net.core.somaxconn, which base raises")
    yield Setting("databases", 16, "upstream's")


def _latency() -> Iterator[Setting]:
    for name in ("eviction", "expire", "server-del", "user-del", "user-flush"):
        yield Setting(f"lazyfree-lazy-{name}", "yes", "big keys are freed in the background")
    yield Setting("slowlog-log-slower-than", 10000, "microseconds; 10 ms hold up every player")
    yield Setting("latency-monitor-threshold", 100, "milliseconds")


def _required(fleet: Fleet, droplet: Droplet, instance: Instance) -> Iterator[Setting]:
    remote = any(
        opening.flow.service == "redis" and opening.flow.ports[0] == instance.port
        for opening in inbound(fleet, droplet)
    )
    # The minus lets Redis start before the mesh is up.
    # https://github.com/redis/redis/blob/8.0/redis.conf
    inner = [f"-{droplet.inner_ip}"] if remote and droplet.inner_ip else []
    why = "loopback, and the inner address where other droplets have a flow here; never public"
    yield Setting("bind", " ".join(["127.0.0.1", *inner]), why)
    yield Setting("port", instance.port, "flows and firewall count on it")
    yield Setting("protected-mode", "yes", "a mistake in the ACLs does not open it")
    yield Setting("maxmemory-policy", instance.policy, instance.policy_reason)
    yield Setting("aclfile", f"/etc/redis/{instance.name}.acl", "users, passwords and rights")
    yield Setting("appendonly", "yes", "sessions and scores survive a restart")
    yield Setting("dir", f"/var/lib/redis/{instance.name}", "its own folder: two would collide")
    yield Setting("dbfilename", "dump.rdb", "the backup looks for it")
    yield Setting("appenddirname", "appendonlydir", "the backup looks for it")
    yield Setting("daemonize", "no", "systemd watches it")
    yield Setting("supervised", "systemd", "systemd knows when it is ready")
    yield Setting("logfile", '""', "the journal, with its caps")
    yield Setting("hide-user-data-from-log", "yes", "players' data stays out of crash logs")
    yield Setting("enable-debug-command", "no", "it can stop the server")
    yield Setting("enable-module-command", "no", "it loads code")


def _check_memory(droplet: Droplet, laid: Mapping[str, Settings]) -> None:
    share = budget(droplet).share("redis")
    source = f"{droplet.name}: redis_settings"
    try:
        parts = _parts(laid)
    except ValueError as error:
        mend = "Write it as Redis does, for example '64mb'."
        raise WishError([Mistake(source, str(error), mend)]) from error
    zero = any(redis_mb(values["maxmemory"].value) <= 0 for values in laid.values())
    if zero or sum(parts.values()) > share:
        text = " + ".join(f"{part} {mb}" for part, mb in parts.items())
        limit = "maxmemory 0 means no limit" if zero else f"{share} MB are its share"
        what = f"Redis may use {sum(parts.values())} MB = {text}, but {limit}"
        raise WishError([Mistake(source, what, "Wish for less, or take a larger size.")])
