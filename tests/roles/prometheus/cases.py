"""Each alert's sick and well metrics: what must make it fire, and what must leave it silent.

Values are promtool's: 'a+bxn' is a, then n times b more. The first stands at second 0, the next
15 s later. A series without an end goes on for ever ("x960" is four hours).
https://prometheus.io/docs/prometheus/2.53/configuration/unit_testing_rules/
"""

from collections.abc import Mapping
from dataclasses import dataclass

ON = 'droplet="one"'
LEADERBOARD, SESSION = f'{ON},instance="leaderboard"', f'{ON},instance="session"'
ROOT = f'{ON},mountpoint="/",fstype="ext4"'
ZERO, ONE, TWO = "0x960", "1x960", "2x960"


@dataclass(frozen=True)
class Case:
    """`after_s`: what the expression itself needs to see before its `for` begins."""

    sick: Mapping[str, str]
    well: Mapping[str, str]
    after_s: int = 0


def _gauge(series: str, sick: str, well: str, after_s: int = 0) -> Case:
    return Case({series: sick}, {series: well}, after_s)


def _share(part: str, whole: str, sick: int, well: int, of: str = ON) -> Case:
    """A part of a hundred."""
    hundred = {f"{whole}{{{of}}}": "100x960"}
    name = f"{part}{{{of}}}"
    return Case({name: f"{sick}x960"} | hundred, {name: f"{well}x960"} | hundred)


# A fault that goes by itself before it counts.
BLIP = "1 0x2 1x960"

HOST = {
    "HostDown": Case(
        {f'up{{{ON},job="node"}}': ZERO, f'up{{{ON},job="redis"}}': ZERO},
        # One service that is down makes no droplet that is down.
        {f'up{{{ON},job="node"}}': ZERO, f'up{{{ON},job="redis"}}': ONE},
    ),
    "ExporterDown": _gauge(f'up{{{ON},job="postgres"}}', ZERO, BLIP),
    "ClockSkew": _gauge(f"node_time_seconds{{{ON}}}", "9+15x960", "1+15x960"),
    "DiskAlmostFull": _share(
        "node_filesystem_avail_bytes", "node_filesystem_size_bytes", 9, 11, ROOT
    ),
    "DiskFillsUp": Case(
        {
            f"node_filesystem_avail_bytes{{{ROOT}}}": "39-0.02x960",
            f"node_filesystem_size_bytes{{{ROOT}}}": "100x960",
        },
        # As quick, but from an almost empty disk; and an almost full one that stays as it is.
        {
            f"node_filesystem_avail_bytes{{{ROOT}}}": "90-0.02x960",
            f"node_filesystem_size_bytes{{{ROOT}}}": "100x960",
        },
        15,
    ),
    "InodesAlmostGone": _share("node_filesystem_files_free", "node_filesystem_files", 9, 11, ROOT),
    "MemoryLow": _share("node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes", 9, 11),
    "OutOfMemoryKill": _gauge(f"node_vmstat_oom_kill{{{ON}}}", "5x3 6x960", "5x960", 75),
    "UnitFailed": _gauge(
        f'node_systemd_unit_state{{{ON},name="x.service",state="failed"}}', ONE, "1x18 0x960"
    ),
    "ConnectionTableFull": _share(
        "node_nf_conntrack_entries", "node_nf_conntrack_entries_limit", 81, 79
    ),
}

ACTIVITY = f'pg_stat_activity_max_tx_duration{{{ON},datname="campaign"'
LAG, REPLICA = f"pg_replication_lag_seconds{{{ON}}}", f"pg_replication_is_replica{{{ON}}}"
SLOT = f'{ON},slot_name="replica_1"'

POSTGRES = {
    "PostgresDown": _gauge(f"pg_up{{{ON}}}", ZERO, "1 0x3 1x960"),
    "PostgresConnections": _share("pg_stat_activity_count", "pg_settings_max_connections", 81, 79),
    "PostgresDeadlocks": _gauge(
        f'pg_stat_database_deadlocks{{{ON},datname="campaign"}}', "0+1x960", "0 1x960", 300
    ),
    "PostgresLongTransaction": Case(
        {f'{ACTIVITY},state="idle in transaction"}}': "601x960"},
        # Idle ones are in none, and TimescaleDB's workers keep theirs open.
        {
            f'{ACTIVITY},state="idle"}}': "9999x960",
            f'{ACTIVITY},state="active"}}': "599x960",
            f'{ACTIVITY},state="active",backend_type="TimescaleDB Background Worker"}}': "999x960",
        },
    ),
    "PostgresReplicationLag": Case(
        {LAG: "31x960", REPLICA: ONE},
        # What a primary says there is of no meaning.
        {LAG: "31x960", REPLICA: ZERO},
    ),
    "PostgresSlotBehind": Case(
        {f"pg_replication_slot_slot_is_active{{{SLOT}}}": ZERO},
        {
            f"pg_replication_slot_slot_is_active{{{SLOT}}}": ONE,
            f"pg_replication_slots_pg_wal_lsn_diff{{{SLOT}}}": "1000000000x960",
        },
    ),
    "PostgresArchiveFailing": _gauge(
        f"pg_stat_archiver_failed_count{{{ON}}}", "0+1x960", "7x960", 30
    ),
    "PostgresUnread": Case(
        {f"pg_exporter_last_scrape_error{{{ON}}}": ONE, f"pg_up{{{ON}}}": ONE},
        # While it is down that is told already.
        {f"pg_exporter_last_scrape_error{{{ON}}}": ONE, f"pg_up{{{ON}}}": ZERO},
    ),
}

REDIS = {
    "RedisDown": _gauge(f"redis_up{{{SESSION}}}", ZERO, "1 0x3 1x960"),
    "RedisRejecting": _gauge(
        f"redis_rejected_connections_total{{{SESSION}}}", "3x3 4x960", "3x960", 75
    ),
    "LeaderboardFull": _share(
        "redis_memory_used_bytes", "redis_memory_max_bytes", 91, 89, LEADERBOARD
    ),
    "SessionsEvicted": Case(
        {f"redis_evicted_keys_total{{{SESSION}}}": "0+165x960"},
        {
            f"redis_evicted_keys_total{{{SESSION}}}": "0+145x960",
            # Another alert's business.
            f"redis_evicted_keys_total{{{LEADERBOARD}}}": "0+165x960",
        },
        300,
    ),
    "RedisNotSaving": Case(
        {f"redis_aof_last_write_status{{{SESSION}}}": ZERO},
        {
            f"redis_aof_last_write_status{{{SESSION}}}": ONE,
            f"redis_rdb_last_bgsave_status{{{SESSION}}}": ONE,
        },
    ),
}

POOL = f'{ON},database="campaign"'

PGBOUNCER = {
    "PgbouncerDown": _gauge(f"pgbouncer_up{{{ON}}}", ZERO, "1 0x3 1x960"),
    "PgbouncerWaiting": _gauge(
        f"pgbouncer_pools_client_waiting_connections{{{POOL}}}", ONE, "1x3 0x960"
    ),
}

ERRORS = f'haproxy_backend_http_responses_total{{{ON},proxy="api",code="5xx"}}'
FINE = f'haproxy_backend_http_responses_total{{{ON},proxy="api",code="2xx"}}'
CERTIFICATE = f'realmfleet_certificate_not_after_seconds{{{ON},certificate="haproxy"}}'
DAY = 86400

EDGE = {
    "EdgeDown": _gauge(f'up{{{ON},job="haproxy"}}', ZERO, BLIP),
    "EdgeWithoutServer": Case(
        {f'haproxy_backend_status{{{ON},proxy="api",state="DOWN"}}': ONE},
        {
            f'haproxy_backend_status{{{ON},proxy="api",state="DOWN"}}': ZERO,
            f'haproxy_backend_status{{{ON},proxy="api",state="UP"}}': ONE,
        },
    ),
    "EdgeServerDown": Case(
        {f'haproxy_server_status{{{ON},proxy="api",server="api-1",state="DOWN"}}': ONE},
        # One that an upgrade drains is not down.
        {
            f'haproxy_server_status{{{ON},proxy="api",server="api-1",state="DOWN"}}': ZERO,
            f'haproxy_server_status{{{ON},proxy="api",server="api-1",state="DRAIN"}}': ONE,
        },
    ),
    "EdgeErrors": Case(
        {ERRORS: "0+6x960", FINE: "0+94x960"}, {ERRORS: "0+4x960", FINE: "0+96x960"}, 30
    ),
    "EdgeFull": _share(
        "haproxy_process_current_connections", "haproxy_process_max_connections", 81, 79
    ),
    "CertificateEnds": _gauge(CERTIFICATE, f"{21 * DAY - 1}x960", f"{22 * DAY}x960"),
    "CertificateEndsNow": _gauge(CERTIFICATE, f"{7 * DAY - 1}x960", f"{8 * DAY}x960"),
}

FAILED, SERVED = (f'api_requests_total{{{ON},code="{code}"}}' for code in (503, 200))
TOOK = f"api_request_duration_seconds_bucket{{{ON}"


def _took(quick: int) -> Mapping[str, str]:
    """Of a hundred requests so many are quick, and no other takes a second."""
    return {
        f'{TOOK},le="0.1"}}': f"0+{quick}x960",
        f'{TOOK},le="1"}}': "0+100x960",
        f'{TOOK},le="+Inf"}}': "0+100x960",
    }


API = {
    "ApiDown": _gauge(f'up{{{ON},job="api"}}', ZERO, BLIP),
    "ApiErrors": Case(
        {FAILED: "0+6x960", SERVED: "0+94x960"}, {FAILED: "0+4x960", SERVED: "0+96x960"}, 30
    ),
    "ApiSlow": Case(_took(80), _took(96), 30),
}

FOREST = f'{ON},zone="forest",instance="forest-1"'

ZONES = {
    "ZoneDown": _gauge(f'up{{{FOREST},job="zone"}}', ZERO, BLIP),
    "ZoneNotReady": _gauge(f"zone_ready{{{FOREST}}}", ZERO, "0x6 1x960"),
    "ZoneDraining": _gauge(f"zone_draining{{{FOREST}}}", ONE, "1x200 0x960"),
    "ZoneSlow": _gauge(f"zone_tick_seconds_max{{{FOREST}}}", "0.11x960", "0.09x960"),
    "ZoneSavesFail": _gauge(f"zone_save_errors_total{{{FOREST}}}", "0+1x960", "3x960", 30),
    "ZoneFull": _share("zone_players", "zone_players_max", 91, 90, FOREST),
}

DISCOVERED = f"prometheus_notifications_alertmanagers_discovered{{{ON}}}"

MONITORING = {
    # Always there; it has no silent case but another name.
    "Watchdog": Case({}, {}),
    "RulesFailing": _gauge(
        f"prometheus_rule_evaluation_failures_total{{{ON}}}", "0+1x960", "3x960", 30
    ),
    "ConfigurationOld": _gauge(
        f"alertmanager_config_last_reload_successful{{{ON}}}", ZERO, "0x18 1x960"
    ),
    "AlertsUndelivered": _gauge(DISCOVERED, ZERO, ONE),
    "AlertmanagerDown": _gauge(f'up{{{ON},job="alertmanager"}}', ZERO, BLIP),
    "NotificationsFailing": _gauge(
        f'alertmanager_notifications_failed_total{{{ON},integration="webhook"}}',
        "0+1x960",
        "3x960",
        30,
    ),
}

CASES = HOST | POSTGRES | REDIS | PGBOUNCER | EDGE | API | ZONES | MONITORING
