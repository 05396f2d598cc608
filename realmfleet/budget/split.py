"""The budget of one droplet: fixed tenants first, PostgreSQL and Redis share what they leave."""

from realmfleet.budget.model import Budget, Row
from realmfleet.budget.tenants import fixed_rows
from realmfleet.fleet.model import Droplet

# The least with which a service still serves: 20 sessions and 64 MB of shared buffers, with
# more workers on more vCPUs; two Redis instances of about 25 MB with their fork copies.
POSTGRES_FLOOR_MB = 740
POSTGRES_FLOOR_A_VCPU_MB = 32
REDIS_FLOOR_MB = 160

# What they keep resident while there is little data: 10 and 98 MB measured under 30 bots. The
# part that grows with the share is shared memory's own structures and the pool's sessions.
REDIS_YOUNG_MB = 10
POSTGRES_YOUNG_MB, POSTGRES_YOUNG_PERCENT = 62, 2

# Beside PostgreSQL, Redis takes this part of what is left: sessions are small (2 KB a player),
# and PostgreSQL's cache is worth more.
REDIS_PERCENT = 15


def budget(droplet: Droplet) -> Budget:
    """Who may use how much of a droplet's memory, worst case and expected."""
    rows = fixed_rows(droplet)
    left = droplet.size.memory_mb - sum(row.reserved_mb for row in rows)
    elastic = (*_redis(droplet, left), *_postgres(droplet, left))
    return Budget(droplet.name, droplet.size.memory_mb, rows + elastic)


def _redis_share(droplet: Droplet, left: int) -> int:
    if not droplet.carries("redis"):
        return 0
    wished = left * REDIS_PERCENT // 100 if droplet.carries("postgres") else left
    return max(REDIS_FLOOR_MB, wished)


def _redis(droplet: Droplet, left: int) -> tuple[Row, ...]:
    share = _redis_share(droplet, left)
    if not share:
        return ()
    reason = "both instances full, and a whole copy of both while they save (fork)"
    return (Row("redis", "redis", share, REDIS_YOUNG_MB, reason),)


def _postgres(droplet: Droplet, left: int) -> tuple[Row, ...]:
    if not droplet.carries("postgres"):
        return ()
    floor = POSTGRES_FLOOR_MB + POSTGRES_FLOOR_A_VCPU_MB * droplet.size.vcpus
    share = max(floor, left - _redis_share(droplet, left))
    expected = POSTGRES_YOUNG_MB + share * POSTGRES_YOUNG_PERCENT // 100
    reason = "shared buffers, and every session, worker and vacuum at its limit at once"
    return (Row("postgres", "postgres", share, expected, reason),)
