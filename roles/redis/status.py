"""Redis right now: memory, keys and hits of each instance."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from realmfleet.fleet import Droplet, Fleet
from realmfleet.status import Question
from roles.redis.instances import INSTANCES, USERS

KEYS = ("used_memory", "maxmemory", "keyspace_hits", "keyspace_misses", "connected_clients", "role")


def questions(_fleet: Fleet, _droplet: Droplet, secrets: Mapping[str, str]) -> Iterator[Question]:
    """INFO of each instance."""
    monitor = next(user for user in USERS if user.name == "monitor")
    environment = {"REDISCLI_AUTH": secrets[monitor.secret]}
    for instance in INSTANCES:
        shell = f"redis-cli -p {instance.port} --user {monitor.name} INFO everything"
        read_one = partial(read, instance.name)
        yield Question(f"redis_{instance.name}", shell, read_one, environment)


def read(instance: str, answer: str) -> dict[str, Any]:
    """Memory in MiB, keys, and the part of reads that found their key."""
    said = dict(line.strip().split(":", 1) for line in answer.splitlines() if ":" in line)
    found = {key: said[key] for key in KEYS}
    hits, misses = int(found["keyspace_hits"]), int(found["keyspace_misses"])
    keys = sum(
        int(value.split(",")[0].removeprefix("keys="))
        for key, value in said.items()
        if key.startswith("db") and value.startswith("keys=")
    )
    return {
        "instance": instance,
        "role": found["role"],
        "keys": keys,
        "memory_mb": round(int(found["used_memory"]) / 1048576, 1),
        "memory_most_mb": int(found["maxmemory"]) // 1048576,
        "clients": int(found["connected_clients"]),
        "hit_percent": round(100 * hits / (hits + misses), 1) if hits + misses else None,
    }
