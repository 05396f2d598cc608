"""What PostgreSQL on a droplet is like: its cluster, what waits for a restart, who may do what."""

import json
import shlex
from collections.abc import Iterable
from typing import Any

from pyinfra.api import FactBase

VERSION = 17
DATA = f"/var/lib/postgresql/{VERSION}/main"
CONF = f"/etc/postgresql/{VERSION}/main"
BIN = f"/usr/lib/postgresql/{VERSION}/bin"
# The files that pg_createcluster makes; one that is missing means that it did not finish.
MADE = ("environment", "pg_ctl.conf", "pg_hba.conf", "pg_ident.conf", "postgresql.conf")

PSQL = "runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1"


class Cluster(FactBase[bool]):
    """Whether the cluster has been made, completely."""

    default = bool

    def command(self) -> str:
        files = [f"{DATA}/PG_VERSION", f"{DATA}/global/pg_control"]
        files += [f"{CONF}/{name}" for name in (*MADE, "start.conf")]
        return " && ".join(f"test -s {file}" for file in files) + " && echo made; true"

    def process(self, output: Iterable[str]) -> bool:
        return "made" in list(output)


class PendingRestart(FactBase[list[str]]):
    """Settings that PostgreSQL has read, but takes only at its next start."""

    default = list

    def command(self, conf: str) -> str:
        # A reload is asynchronous: look only once the server has read the file as it lies.
        read = f"select pg_conf_load_time() >= (pg_stat_file('{conf}')).modification"
        pending = "select name from pg_settings where pending_restart order by name"
        wait = f'until [ "$({PSQL} -c "{read}" 2>&1)" != f ] || [ $i -ge 25 ]'
        return f'i=0; {wait}; do sleep 0.2; i=$((i+1)); done; {PSQL} -c "{pending}"; true'

    def process(self, output: Iterable[str]) -> list[str]:
        return [line for line in output if line.replace("_", "").replace(".", "").isalnum()]


class Access(FactBase[dict[str, Any]]):
    """Roles and databases of the cluster; for every database schemas, grants and extensions."""

    default = dict

    def command(self, query: str, databases: list[str]) -> str:
        ask = f"{PSQL} -c {shlex.quote(query)}"
        named = " ".join(shlex.quote(name) for name in ["postgres", *databases])
        return f'for d in {named}; do {ask} -d "$d" 2>/dev/null | sed "s/^/$d /"; done; true'

    def process(self, output: Iterable[str]) -> dict[str, Any]:
        rows = (line.partition(" ") for line in output)
        return {database: json.loads(text) for database, _, text in rows}


class Migrations(FactBase[dict[str, dict[str, str]]]):
    """Database -> name -> hash of every migration applied there."""

    default = dict

    def command(self, databases: list[str]) -> str:
        rows = "select name || ' ' || sha256 from realmfleet.migration"
        there = "select to_regclass('realmfleet.migration')"
        named = " ".join(shlex.quote(name) for name in databases)
        return (
            f'for d in {named}; do [ -z "$({PSQL} -d "$d" -c "{there}" 2>/dev/null)" ] || '
            f'{PSQL} -d "$d" -c "{rows}" | sed "s/^/$d /"; done; true'
        )

    def process(self, output: Iterable[str]) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for line in output:
            database, name, sha256 = line.split(" ")
            found.setdefault(database, {})[name] = sha256
        return found
