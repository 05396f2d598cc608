"""Fleets as inventories may say them, drawn by Hypothesis, and what a deploy would send."""

from dataclasses import dataclass, field
from ipaddress import IPv4Address

from hypothesis import assume
from hypothesis import strategies as st

from realmfleet.budget import check_memory
from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.services import EVERYWHERE, SERVICES
from realmfleet.fleet.sizes import SIZES
from realmfleet.settings import WishError
from roles.base import files as base
from roles.firewall import files as firewall
from roles.pgbouncer import files as pgbouncer
from roles.postgres import files as postgres
from roles.redis import files as redis
from roles.redis.instances import USERS

SECRETS = {name: f"dummy-{name}" for name in {*pgbouncer.PASSWORDS.values()}} | {
    user.secret: f"dummy-{user.name}" for user in USERS
}
SIZES_LARGE = st.sampled_from([size for size in SIZES.values() if size.memory_mb >= 1024])
NEIGHBOURS = st.sets(st.sampled_from(sorted(set(SERVICES) - {"postgres", "pgbouncer", "redis"})))

POSTGRES = st.fixed_dictionaries(
    {},
    optional={
        "work_mem": st.sampled_from(["64kB", "1MB", "4MB", "6MB", 2048]),
        "max_connections": st.integers(10, 40),
        "random_page_cost": st.floats(0.5, 8, allow_nan=False),
        "log_min_duration_statement": st.sampled_from(["250ms", -1, "1min"]),
        "jit": st.booleans(),
        "synchronous_commit": st.sampled_from(["on", "local", "remote_write"]),
        "application_name": st.text("abc '\"\\#=%", max_size=8),
        "timescaledb.max_background_workers": st.integers(1, 16),
        "max_worker_processes": st.integers(8, 32),
        "autovacuum_max_workers": st.integers(1, 5),
        "statement_timeout": st.sampled_from([0, "30s", "5min"]),
        "max_wal_size": st.sampled_from(["512MB", "2GB"]),
    },
)
REDIS = st.fixed_dictionaries(
    {},
    optional={
        "maxclients": st.integers(10, 4000),
        "timeout": st.integers(0, 600),
        "save": st.sampled_from(['""', "3600 1 300 100"]),
        "appendfsync": st.sampled_from(["always", "everysec", "no"]),
        "hz": st.integers(1, 100),
    },
)
PGBOUNCER = st.fixed_dictionaries(
    {},
    optional={
        "query_wait_timeout": st.integers(0, 600),
        "max_client_conn": st.integers(50, 3000),
        "pool_mode": st.sampled_from(["transaction", "session", "statement"]),
        "server_idle_timeout": st.integers(0, 600),
        "pkt_buf": st.sampled_from([2048, 4096, 8192]),
    },
)
PORTS = st.lists(
    st.builds("{}/{}".format, st.sampled_from(["tcp", "udp"]), st.integers(1, 65535)), max_size=4
)
DATA = st.fixed_dictionaries(
    {},
    optional={
        "postgres_settings": POSTGRES,
        "redis_settings": st.fixed_dictionaries(
            {}, optional={"session": REDIS, "leaderboard": REDIS}
        ),
        "pgbouncer_settings": PGBOUNCER,
        "postgres_databases": st.dictionaries(
            st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True),
            st.just({"schemas": ["one", "two"]}),
            min_size=1,
            max_size=3,
        ),
        "firewall_public": PORTS,
        "firewall_egress": st.dictionaries(st.sampled_from(["root", "postgres"]), PORTS),
        "firewall_ssh_from": st.lists(
            st.sampled_from(["198.51.100.0/24", "203.0.113.7"]), unique=True
        ),
    },
)


@dataclass(frozen=True)
class Drawn:
    """A droplet that was drawn, and what is sent for each of its roles."""

    droplet: Droplet
    sent: dict = field(repr=False)

    def __repr__(self):
        one = self.droplet
        return f"{one.size.slug} {' '.join(one.services)} {dict(one.data)}"


@st.composite
def fleets(draw):
    """A droplet with all data services, its neighbours and wishes; others that talk to it."""
    meshed = draw(st.booleans())
    own = {*EVERYWHERE, "postgres", "pgbouncer", "redis", *draw(NEIGHBOURS)}
    zones = {"forest": draw(st.integers(1, 6))} if "zone" in own else {}
    first = droplet(1, draw(SIZES_LARGE), own, meshed, zones, draw(DATA))
    others = [
        droplet(2 + n, SIZES["s-4vcpu-8gb"], {*EVERYWHERE, *draw(NEIGHBOURS)} - {"zone"}, meshed)
        for n in range(draw(st.integers(0, 3)))
    ]
    fleet = Fleet("drawn", (first, *others))
    assume(not list(check_memory(fleet)))
    try:
        return Drawn(first, payloads(fleet, first))
    except WishError:
        # Refused in words before any droplet is contacted: other tests look at that.
        assume(False)


def droplet(number, size, services, meshed, zones=None, data=None):
    inner = {"mesh_ip" if meshed else "private_ip": IPv4Address(f"10.77.0.{number}")}
    roles = {"postgres_role": "primary", "redis_role": "primary"} if number == 1 else {}
    carried = tuple(name for name in SERVICES if name in services)
    address = IPv4Address(f"203.0.113.{number}")
    more = {"zones": zones or {}, "data": data or {}, **roles, **inner}
    return Droplet(f"drawn-{number}", "singapore", size, carried, address, **more)


def payloads(fleet, one):
    """What the deploy sends for each role, but for the order to write any of it."""
    rules = firewall.rules(fleet, one)
    checked = {
        "base": (base.files(fleet, one), base.CHECK),
        "firewall": ((rules,), f"nft -c -f $STAGE{rules.path}"),
        "postgres": (postgres.files(fleet, one), postgres.CHECK),
        "pgbouncer": (pgbouncer.files(fleet, one, SECRETS), pgbouncer.check()),
        "redis": (redis.files(fleet, one, SECRETS), redis.check()),
    }
    empty = {"directories": [], "absent": [], "prove": "", "redact": []}
    return {
        role: {"files": [f.as_payload() | {"stale": False} for f in files], "check": check, **empty}
        for role, (files, check) in checked.items()
    }
