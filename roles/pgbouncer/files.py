"""PgBouncer: the text that lands on a droplet."""

from collections.abc import Mapping

from realmfleet.files import File
from realmfleet.fleet import Droplet, Fleet
from realmfleet.render import render
from realmfleet.secrets.scram import verifier
from realmfleet.units import Unit, let_through, watch_list
from roles.pgbouncer.settings import START_ONLY, databases, open_files, settings, users

MAIN = "/etc/pgbouncer/realmfleet.ini"
LISTEN = "/etc/pgbouncer/realmfleet-listen.ini"
USERS = "/etc/pgbouncer/userlist.txt"
DROP_IN = "/etc/systemd/system/pgbouncer.service.d/50-realmfleet.conf"

# role -> the secret with its password: the two that have databases, the two of the console
PASSWORDS = {
    "application": "postgres_application_password",
    "analytics": "postgres_analytics_password",
    "pgbouncer_admin": "pgbouncer_admin_password",
    "pgbouncer_monitor": "pgbouncer_monitor_password",
}

UNIT = Unit("pgbouncer.service", restart=(DROP_IN, LISTEN), reload=(MAIN, USERS))


def files(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> tuple[File, ...]:
    """Configuration, users and the unit's hardening."""
    return (
        _postgres(MAIN, _main(fleet, droplet)),
        _postgres(LISTEN, _listen(fleet, droplet)),
        File(USERS, _userlist(secrets), "postgres", "postgres", 0o600, secret=True),
        File(DROP_IN, _drop_in(fleet, droplet)),
        watch_list(UNIT),
    )


def check() -> str:
    """Start it on a socket in the stage, without a port, and see the socket.

    PgBouncer has no check mode. setpriv becomes it; runuser would stay its parent, and killing
    that would leave it behind.
    """
    return f"""install -d -o postgres -g postgres -m 0700 $STAGE/try
sed "s#/etc/pgbouncer/#$STAGE/etc/pgbouncer/#g" $STAGE{MAIN} > $STAGE/try/main.ini
sed -e "s#^unix_socket_dir = .*#unix_socket_dir = $STAGE/try#" -e "/^listen_addr/d" \\
    $STAGE{LISTEN} > $STAGE/try/listen.ini
sed -i "s#$STAGE{LISTEN}#$STAGE/try/listen.ini#" $STAGE/try/main.ini
chown -R postgres:postgres $STAGE/try
setpriv --reuid postgres --regid postgres --init-groups pgbouncer $STAGE/try/main.ini \\
    >$STAGE/try/said 2>&1 &
pid=$!
i=0
until ls $STAGE/try/.s.PGSQL.* >/dev/null 2>&1; do
    kill -0 $pid 2>/dev/null || {{ cat $STAGE/try/said; exit 1; }}
    i=$((i+1)); [ $i -lt 100 ] || {{ kill -9 $pid; cat $STAGE/try/said; exit 1; }}
    sleep 0.05
done
kill -9 $pid; wait $pid 2>/dev/null || true
! grep -E 'ERROR|FATAL' $STAGE/try/said"""


def _main(fleet: Fleet, droplet: Droplet) -> str:
    laid = settings(fleet, droplet)
    return render(
        "pgbouncer/pgbouncer.ini.j2",
        databases=databases(fleet, droplet),
        users=users(fleet, droplet),
        listen=LISTEN,
        settings=[s for s in laid.values() if s.name not in START_ONLY],
    )


def _listen(fleet: Fleet, droplet: Droplet) -> str:
    laid = settings(fleet, droplet)
    return render(
        "pgbouncer/listen.ini.j2",
        settings=[s for s in laid.values() if s.name in START_ONLY],
    )


def _userlist(secrets: Mapping[str, str]) -> str:
    """SCRAM verifiers, identical to PostgreSQL's: with them the pool logs in for its clients."""
    verifiers = {role: verifier(secrets[name], role) for role, name in PASSWORDS.items()}
    return render("pgbouncer/userlist.txt.j2", users=verifiers)


def _drop_in(fleet: Fleet, droplet: Droplet) -> str:
    nofile = open_files(fleet, droplet)
    return render(
        "pgbouncer/unit.conf.j2",
        main=MAIN,
        nofile=nofile,
        allowed=let_through(fleet, droplet, "pgbouncer"),
    )


def _postgres(path: str, text: str) -> File:
    return File(path, text, "postgres", "postgres", 0o640)
