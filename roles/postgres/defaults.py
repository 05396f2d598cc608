"""Keys, packages and secrets of PostgreSQL."""

from typing import Any

from realmfleet.fleet.databases import DATABASES

DEFAULTS: dict[str, Any] = {
    # Wishes in upstream's spelling, for example {"work_mem": "8MB"}. They win over what is
    # recommended and are checked against the droplet's memory.
    "postgres_settings": {},
    # Databases and their schemas; each has an owner of its own, named after it. `migrations`
    # names a folder of 0001_name.sql files; `keep_days` hypertables and how many days they keep.
    "postgres_databases": DATABASES,
}

PACKAGES: tuple[str, ...] = ("postgresql-17", "postgresql-17-timescaledb")

# An extension's library and its objects in the databases must be of one version, on replicas
# too: updated together, by an operator.
HELD: tuple[str, ...] = ("postgresql-17-timescaledb",)

# Owners of databases have no password: nobody logs in as one. Migrations run on the droplet,
# as the superuser over the socket (peer) after SET ROLE, so no stolen password drops a table.
# The monitor has none either: its exporter comes over the socket as the user prometheus.
SECRETS: dict[str, str] = {
    "postgres_application_password": "the API's role, used by PgBouncer",
    "postgres_analytics_password": "the read-only role of analysts, used by PgBouncer",
    "postgres_replicator_password": "streaming replication between droplets",
}
