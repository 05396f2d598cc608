"""PgBouncer's settings: a transaction pool that never asks PostgreSQL for more than its part."""

from collections.abc import Iterator
from pathlib import Path

from realmfleet.budget import pool_sessions
from realmfleet.fleet import Droplet, Fleet, Mistake
from realmfleet.fleet.databases import databases as game_databases
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

KNOWN = names_in(Path(__file__).with_name("known_settings.txt"))

# A client costs 2 kB and a busy one two packet buffers; the budget's 48 MB hold 1,000 of them.
# https://www.pgbouncer.org/config.html#generic-settings
MAX_CLIENTS = 1000

# Names that no inventory may set, whatever the value.
FORBIDDEN = {
    "auth_query": "the pool knows its users, it need not ask for others",
    "auth_user": "the pool knows its users, it need not ask for others",
    "logfile": "Debian's logrotate knows where the log is",
    "pidfile": "Debian's unit knows where it is",
    "user": "systemd chooses it",
}

# What PgBouncer reads only when it starts: SHOW CONFIG says changeable = no.
START_ONLY = frozenset(
    {
        "disable_pqexec",
        "listen_addr",
        "listen_backlog",
        "listen_port",
        "pkt_buf",
        "resolv_conf",
        "so_reuseport",
        "track_extra_parameters",
        "unix_socket_dir",
        "unix_socket_group",
        "unix_socket_mode",
    }
)

# Users of the pool: two with databases, two of the console.
USERS = 4

# Files besides clients and servers: log, sockets, libraries.
SPARE_FILES = 100


def settings(fleet: Fleet, droplet: Droplet) -> Settings:
    """The [pgbouncer] section. Raises WishError for wishes that are unknown or too large."""
    wishes = droplet.data.get("pgbouncer_settings", {})
    source = f"{droplet.name}: pgbouncer_settings"
    check_names(wishes, KNOWN, source)
    check_allowed(wishes, FORBIDDEN, source)
    pool = server_sessions(fleet, droplet)
    advice = [*_pool(pool), *_timeouts(), *_log()]
    laid = lay(advice, wishes, required(fleet, droplet), source)
    most = str(laid["max_db_connections"].value)
    if not most.isdecimal() or not 0 < int(most) <= pool:
        what = f"max_db_connections {most}, but PostgreSQL keeps {pool} sessions for the pool"
        raise WishError([Mistake(source, what, f"Write 1 to {pool}.")])
    return laid


def server_sessions(fleet: Fleet, droplet: Droplet) -> int:
    """How many sessions this pool may open: 90 % of its server's, shared by its pools."""
    server = _server(fleet, droplet)
    pools = [d for d in fleet.carrying("pgbouncer") if _server(fleet, d).name == server.name]
    return max(1, pool_sessions(server) // max(1, len(pools)))


def databases(fleet: Fleet, droplet: Droplet) -> dict[str, str]:
    """The [databases] section: name -> connection string. No password stands in it."""
    server = _server(fleet, droplet)
    host = "/var/run/postgresql" if server.name == droplet.name else str(server.inner_ip)
    return {name: f"host={host} port=5432 dbname={name}" for name in game_databases(droplet)}


def users(fleet: Fleet, droplet: Droplet) -> dict[str, str]:
    """The [users] section: role -> its limit. Together they never pass the pool's part.

    A limit for each role, not for each database, lets a busy database use what another
    leaves idle. https://www.pgbouncer.org/config.html#max_user_connections
    """
    pool = server_sessions(fleet, droplet)
    analytics = max(1, pool // 8)
    limits = {"application": max(1, pool - analytics), "analytics": analytics}
    return {name: f"max_user_connections={limit}" for name, limit in limits.items()}


def open_files(fleet: Fleet, droplet: Droplet) -> int:
    """LimitNOFILE of the unit. PgBouncer counts a full pool for each user on each database."""
    laid = settings(fleet, droplet)
    clients, pool = int(laid["max_client_conn"].value), int(laid["default_pool_size"].value)
    return clients + pool * len(game_databases(droplet)) * USERS + SPARE_FILES


def required(fleet: Fleet, droplet: Droplet) -> Iterator[Setting]:
    """What safety and the rest of the droplet depend on."""
    remote = any(opening.flow.service == "pgbouncer" for opening in inbound(fleet, droplet))
    inner = [str(droplet.inner_ip)] if remote and droplet.inner_ip else []
    why = "loopback, and the inner address where an API runs elsewhere; never public"
    yield Setting("listen_addr", ",".join(["127.0.0.1", *inner]), why)
    yield Setting("listen_port", 6432, "flows and firewall count on it")
    yield Setting("unix_socket_dir", "/run/pgbouncer", "its own: systemd makes and removes it")
    yield Setting("auth_type", "scram-sha-256", "no password crosses the wire")
    yield Setting("auth_file", "/etc/pgbouncer/userlist.txt", "0600, written from the secrets")
    yield Setting("admin_users", "pgbouncer_admin", "pause and resume during an upgrade")
    yield Setting("stats_users", "pgbouncer_monitor", "the exporter reads, and cannot pause")


def _pool(pool: int) -> Iterator[Setting]:
    why = "a session belongs to a client for one transaction only: 1,000 clients share a few"
    yield Setting("pool_mode", "transaction", why)
    why = "Go's pgx prepares every statement, the pool carries them along; 100 take a session 7 MB"
    yield Setting("max_prepared_statements", 100, why)
    yield Setting("max_client_conn", MAX_CLIENTS, "clients wait here for 2 kB each")
    yield Setting("default_pool_size", pool, "each role's own limit stands in [users]")
    yield Setting("max_db_connections", pool, "90 % of max_connections, 10 % stay for admins")
    yield Setting("min_pool_size", max(1, pool // 8), "warm for the next rush; far below 50 % idle")


def _timeouts() -> Iterator[Setting]:
    yield Setting("query_wait_timeout", 120, "seconds to borrow a session, then an error")
    yield Setting("server_connect_timeout", 10, "seconds to reach PostgreSQL")
    yield Setting("server_login_retry", 1, "seconds: back at once after a restart or failover")
    yield Setting("server_idle_timeout", 300, "seconds: a rush's sessions close after it")
    why = "seconds: sessions are renewed, and with them their memory"
    yield Setting("server_lifetime", 1800, why)
    yield Setting("idle_transaction_timeout", 60, "seconds: a stuck client frees its session")
    yield Setting("client_login_timeout", 10, "seconds: strangers do not keep a place")


def _log() -> Iterator[Setting]:
    yield Setting("log_connections", 0, "an API opens thousands; the exporter counts them")
    yield Setting("log_disconnections", 0, "an API closes thousands; the exporter counts them")
    yield Setting("application_name_add_host", 1, "pg_stat_activity shows which API asks")
    why = "drivers and exporters send it; the pool could not keep it"
    yield Setting("ignore_startup_parameters", "extra_float_digits", why)
    yield Setting("listen_backlog", 511, "a restarted API comes back with all clients at once")


def _server(fleet: Fleet, droplet: Droplet) -> Droplet:
    """The PostgreSQL behind a pool: its neighbour, else the primary. WishError without one."""
    server = droplet if droplet.carries("postgres") else fleet.primary("postgres")
    if server is None:
        what, mend = "a pool without a PostgreSQL", "Put a droplet into the group 'postgres'."
        raise WishError([Mistake(f"{droplet.name}: group 'pgbouncer'", what, mend)])
    return server
