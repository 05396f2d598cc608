"""The data layer: PostgreSQL with TimescaleDB, PgBouncer, Redis."""

from pyinfra import host

from roles.base.deploy import packages
from roles.pgbouncer.deploy import pgbouncer
from roles.postgres.deploy import postgres
from roles.redis.deploy import redis

packages("postgres", "pgbouncer", "redis")
if "postgres" in host.groups:
    postgres()
if "pgbouncer" in host.groups:
    pgbouncer()
if "redis" in host.groups:
    redis()
