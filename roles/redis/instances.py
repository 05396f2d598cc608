"""The two instances of Redis on every droplet that carries it, and who may do what there.

Sessions want the oldest evicted (allkeys-lru), leaderboards must never lose an entry: one
instance cannot do both, because its eviction policy holds for all of its keys.
https://redis.io/docs/latest/develop/reference/eviction/
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Instance:
    """One Redis server: its port, its eviction policy, and its percentage of the memory."""

    name: str
    port: int
    policy: str
    policy_reason: str
    percent: int


INSTANCES = (
    Instance(
        "session",
        6379,
        "allkeys-lru",
        "sessions, limits and cooldowns expire anyway: losing the oldest is right",
        60,
    ),
    Instance(
        "leaderboard",
        6380,
        "noeviction",
        "a leaderboard never expires: a full one refuses writes, and the alert says so",
        40,
    ),
)


@dataclass(frozen=True)
class User:
    """One ACL user: the secret with its password, and its rules.

    https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
    """

    name: str
    secret: str
    rules: str
    why: str


USERS = (
    User(
        "application",
        "redis_application_password",
        "~* &* +@all -@admin -@dangerous +info",
        "reads, writes, scripts and pub/sub; no FLUSHALL, KEYS, CONFIG, SHUTDOWN",
    ),
    User(
        "monitor",
        "redis_monitor_password",
        "resetkeys resetchannels -@all +ping +info +config|get +slowlog|get +slowlog|len"
        " +latency|latest +latency|histogram +client|list +client|setname",
        "statistics; no key of a player",
    ),
    User(
        "replicator",
        "redis_replicator_password",
        "resetkeys resetchannels -@all +psync +replconf +ping",
        "what a replica says to its primary",
    ),
    User("admin", "redis_admin_password", "~* &* +@all", "operators; never an application"),
)
