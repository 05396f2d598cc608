"""PostgreSQL right now: databases, sessions, and how much comes from the cache."""

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from realmfleet.facts.postgres import PSQL
from realmfleet.fleet import Droplet, Fleet
from realmfleet.status import Question

# Blocks since the statistics began: `realmfleet status` is for a glance, the pages for a trend.
QUERY = """select json_build_object(
    'role', case when pg_is_in_recovery() then 'replica' else 'primary' end,
    'sessions', (select count(*) from pg_stat_activity where backend_type = 'client backend'),
    'sessions_most', current_setting('max_connections')::int,
    'databases', (select json_agg(json_build_object('name', d.datname,
        'size_mb', pg_database_size(d.oid) / 1048576,
        'cache_hit_percent', round(100.0 * s.blks_hit / nullif(s.blks_hit + s.blks_read, 0), 2))
        order by d.datname)
        from pg_database d join pg_stat_database s on s.datid = d.oid where not datistemplate))"""


def questions(_fleet: Fleet, _droplet: Droplet, _secrets: Mapping[str, str]) -> Iterator[Question]:
    """What the server says of itself."""
    yield Question("postgres", f"{PSQL} -c {shlex.quote(QUERY)}", read)


def read(answer: str) -> dict[str, Any]:
    """The query's one row."""
    found: dict[str, Any] = json.loads(answer)
    return found
