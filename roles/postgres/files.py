"""PostgreSQL: the text that lands on a droplet."""

from collections.abc import Iterator

from realmfleet.facts.postgres import BIN, CONF, DATA
from realmfleet.files import File
from realmfleet.fleet import Droplet, Fleet
from realmfleet.render import render
from realmfleet.units import Unit, let_through, watch_list
from roles.postgres.access import hba
from roles.postgres.retention import kept
from roles.postgres.settings import settings

SETTINGS = f"{CONF}/conf.d/50-realmfleet.conf"
HBA = f"{CONF}/realmfleet-hba.conf"
IDENT = f"{CONF}/realmfleet-ident.conf"
UNIT_NAME = "postgresql@17-main.service"
DROP_IN = f"/etc/systemd/system/{UNIT_NAME}.d/50-realmfleet.conf"

UNIT = Unit(
    UNIT_NAME,
    restart=(DROP_IN,),
    reload=(SETTINGS, HBA, IDENT),
    ready="runuser -u postgres -- pg_isready -q",
)


RETENTION = "realmfleet-postgres-retention"


def units(droplet: Droplet) -> tuple[Unit, ...]:
    """The server; a timer where some tables keep their rows for a time only."""
    return (UNIT, Unit(f"{RETENTION}.timer", running=bool(kept(droplet))))


def files(fleet: Fleet, droplet: Droplet) -> tuple[File, ...]:
    """Settings, access rules and the unit's hardening."""
    tuned = settings(fleet, droplet).values()
    rules = render("postgres/hba.conf.j2", lines=[str(line) for line in hba(fleet, droplet)])
    return (
        _postgres(
            SETTINGS, render("postgres/settings.conf.j2", settings=tuned, hba=HBA, ident=IDENT)
        ),
        _postgres(HBA, rules),
        _postgres(IDENT, render("postgres/ident.conf.j2")),
        File(
            DROP_IN,
            render("postgres/unit.conf.j2", allowed=let_through(fleet, droplet, "postgres")),
        ),
        watch_list(UNIT),
        *_retention(droplet),
    )


def _retention(droplet: Droplet) -> Iterator[File]:
    if tables := kept(droplet):
        folder = "/etc/systemd/system"
        service = render("postgres/retention.service.j2", kept=tables)
        yield File(f"{folder}/{RETENTION}.service", service)
        yield File(f"{folder}/{RETENTION}.timer", render("postgres/retention.timer.j2"))


# The droplet's own server begins to start with the candidate as it would live: the vendor's
# file first, ours over it. It loads the libraries and stops at an unknown name, at a value out
# of range, and at values that do not go together; only a size that it computes at the very
# end of all that makes it look so far. In a data directory of its own, the real one is in use.
CHECK = f"""{{ echo "include '{CONF}/postgresql.conf'"; echo "include '$STAGE{SETTINGS}'"; }} \\
    > $STAGE/check.conf
chmod 644 $STAGE/check.conf
install -d -o postgres -g postgres -m 0700 $STAGE/try $STAGE/try/global
install -o postgres -m 0600 {DATA}/PG_VERSION $STAGE/try
install -o postgres -m 0600 {DATA}/global/pg_control $STAGE/try/global
runuser -u postgres -- {BIN}/postgres -C shared_memory_size -D $STAGE/try \\
    -c config_file=$STAGE/check.conf -c data_directory=$STAGE/try >/dev/null
"""

# A running server tells what it would make of the rules as they lie now, without taking them.
PROVE = """if runuser -u postgres -- pg_isready -q; then
    wrong=$(runuser -u postgres -- psql -XAtqc "select file_name || ' line ' || line_number
        || ': ' || error from pg_hba_file_rules where error is not null")
    [ -z "$wrong" ] || { echo "$wrong"; exit 1; }
fi
"""


def _postgres(path: str, text: str) -> File:
    return File(path, text, "postgres", "postgres", 0o640)
