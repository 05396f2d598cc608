"""PostgreSQL's cluster: made once and whole, restarted only for settings that wait for it."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pyinfra import host, logger
from pyinfra.api import StringCommand, operation

from realmfleet.facts.postgres import (
    BIN,
    CONF,
    DATA,
    MADE,
    PSQL,
    VERSION,
    Access,
    Cluster,
    Migrations,
    PendingRestart,
)
from realmfleet.operations import Commands

# initdb works in a directory beside the real one and only a rename makes it real: a droplet
# that dies in the middle leaves a leftover, never half a cluster. The flush comes once, at the
# end, for the whole directory: a tenth of the time of initdb's own.
_MAKE = f"""set -eu
if [ ! -s {DATA}/PG_VERSION ]; then
    if [ -d {DATA} ] && [ -n "$(ls -A {DATA})" ]; then
        echo '{DATA} holds files, but no cluster: move them away first' >&2
        exit 1
    fi
    rm -rf {DATA}.new
    install -d -o postgres -g postgres -m 0755 {DATA.rsplit("/", 1)[0]}
    runuser -u postgres -- {BIN}/initdb -D {DATA}.new --data-checksums --no-sync --encoding=UTF8 \\
        --locale=C.UTF-8 --auth-local=peer --auth-host=scram-sha-256 >/dev/null
    sync -f {DATA}.new/PG_VERSION
    [ ! -d {DATA} ] || rmdir {DATA}
    mv {DATA}.new {DATA}
    sync -f {DATA}/PG_VERSION
fi
for file in {" ".join(MADE)} start.conf; do
    [ -s {CONF}/$file ] || rm -rf {CONF}
done
[ -d {CONF} ] || pg_createcluster {VERSION} main >/dev/null
"""


@operation()
def cluster() -> Commands:
    """Make the cluster, with data checksums, unless it is there."""
    if host.get_fact(Cluster):
        host.noop("the cluster is there")
        return
    yield StringCommand(_MAKE)


@operation()
def settle(conf: str, unit: str) -> Commands:
    """Restart PostgreSQL where a setting waits for that, and say which.

    + conf: the file that we own, which a reload has made the server read
    + unit: the server's unit
    """
    pending = host.get_fact(PendingRestart, conf=conf)
    if not pending:
        host.noop("no setting waits for a restart")
        return
    logger.info(f"{host.print_prefix}PostgreSQL restarts for: {', '.join(pending)}")
    yield StringCommand(f"systemctl restart {unit}")


@operation()
def converge(
    query: str, databases: Sequence[str], script: Callable[[Mapping[str, Any]], str]
) -> Commands:
    """Bring roles, databases, schemas and grants to what is declared.

    + query: what is asked in the database `postgres` and in each of these
    + databases: the others; one that does not exist yet is left out of the answer
    + script: from the answers by database to what psql reads, empty for nothing to do
    """
    state = host.get_fact(Access, query=query, databases=list(databases))
    if not state:
        # Only while looking ahead (no -y): the cluster does not exist or does not run yet.
        yield StringCommand(f"{PSQL} -c 'select 1'")
        state = host.get_fact(Access, query=query, databases=list(databases))
    statements = script(state)
    if not statements:
        host.noop("roles, databases and grants are as asked")
        return
    yield StringCommand(f"{PSQL} -v VERBOSITY=terse -v SHOW_CONTEXT=never", _stdin=statements)


@operation()
def migrate(
    databases: Sequence[str], script: Callable[[Mapping[str, Mapping[str, str]]], str]
) -> Commands:
    """Apply the migrations that the databases lack.

    + databases: those that have migrations
    + script: from name -> hash by database to what psql reads; ValueError where history differs
    """
    applied = host.get_fact(Migrations, databases=list(databases)) if databases else {}
    try:
        statements = script(applied)
    except ValueError as error:
        yield StringCommand("echo", shlex.quote(str(error)), ">&2; exit 1")
        return
    if not statements:
        host.noop("every migration is applied")
        return
    yield StringCommand(PSQL, _stdin=statements)
