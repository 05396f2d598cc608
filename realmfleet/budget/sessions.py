"""How many PostgreSQL sessions a droplet affords: server, pool and alerts must agree."""

from realmfleet.amounts import clamp, floor_to
from realmfleet.budget.split import budget
from realmfleet.fleet.model import Droplet

# One session per so many MB of PostgreSQL's share: 30 on Alpha, 120 on 8 GB. A session may
# need 20 MB at worst, and the other two thirds are worth more as cache. Two vCPUs do their best
# work with under ten active sessions; the pool in front holds the players' side.
MB_A_SESSION = 56

# "max_connections 400", on small droplets fewer; below 20 an operator could not get in.
FEWEST, MOST = 20, 400


def max_sessions(droplet: Droplet) -> int:
    """`max_connections` of the PostgreSQL on this droplet, the operator's wish included."""
    wished = str(droplet.data.get("postgres_settings", {}).get("max_connections", ""))
    if wished.isdecimal():
        return int(wished)
    return clamp(FEWEST, floor_to(10, budget(droplet).share("postgres") / MB_A_SESSION), MOST)


def pool_sessions(droplet: Droplet) -> int:
    """How many of them the pool may open: 90 %, and never the last four, which admins need."""
    sessions = max_sessions(droplet)
    return max(1, min(sessions * 9 // 10, sessions - 4))
