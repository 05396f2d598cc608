"""Redis: the text that lands on a droplet, for both instances."""

import hashlib
from collections.abc import Mapping

from realmfleet.files import Directory, File
from realmfleet.fleet import Droplet, Fleet
from realmfleet.render import render
from realmfleet.units import Unit, let_through, watch_list
from roles.redis.instances import INSTANCES, USERS
from roles.redis.settings import instances

DROP_IN = "/etc/systemd/system/redis-server@.service.d/50-realmfleet.conf"


def configuration(instance: str) -> str:
    """Where Debian's template unit looks for an instance's configuration."""
    return f"/etc/redis/redis-{instance}.conf"


def units() -> tuple[Unit, ...]:
    """One unit an instance; the package's single server stays off."""
    wanted = [Unit("redis-server.service", running=False)]
    for instance in INSTANCES:
        seen = (DROP_IN, configuration(instance.name), f"/etc/redis/{instance.name}.acl")
        ready = f"redis-cli -p {instance.port} ping | grep -qE 'PONG|NOAUTH'"
        wanted.append(Unit(f"redis-server@{instance.name}.service", restart=seen, ready=ready))
    return tuple(wanted)


def files(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> tuple[File, ...]:
    """Configurations, users and the units' hardening."""
    others = let_through(fleet, droplet, "redis")
    written = [File(DROP_IN, render("redis/unit.conf.j2", allowed=others))]
    for name, settings in instances(fleet, droplet).items():
        text = render("redis/redis.conf.j2", instance=name, settings=settings.values())
        written.append(File(configuration(name), text, "redis", "redis", 0o640))
        acl = render("redis/users.acl.j2", users=_users(secrets))
        written.append(File(f"/etc/redis/{name}.acl", acl, "redis", "redis", 0o600, secret=True))
    return (*written, *(watch_list(unit) for unit in units() if unit.running))


def directories() -> tuple[Directory, ...]:
    """A folder of its own for each instance's data."""
    return tuple(
        Directory(f"/var/lib/redis/{instance.name}", "redis", "redis", 0o750)
        for instance in INSTANCES
    )


def check() -> str:
    """Start each instance on a socket in the stage, with no port, no data, and see it answer.

    Redis has no check mode. setpriv becomes the server; runuser would stay its parent, and
    killing that would leave the server behind.
    """
    return "\n".join(_try(instance.name) for instance in INSTANCES)


def _try(name: str) -> str:
    folder = f"$STAGE/try-{name}"
    return f"""install -d -o redis -g redis -m 0700 {folder}
setpriv --reuid redis --regid redis --init-groups redis-server \\
    $STAGE{configuration(name)} --port 0 --daemonize no --supervised no \\
    --unixsocket {folder}/socket --dir {folder} --appendonly no --save '' \\
    --aclfile $STAGE/etc/redis/{name}.acl --bind 127.0.0.1 --pidfile '' >{folder}/said 2>&1 &
pid=$!
i=0
until [ -S {folder}/socket ]; do
    kill -0 $pid 2>/dev/null || {{ cat {folder}/said; exit 1; }}
    i=$((i+1)); [ $i -lt 100 ] || {{ kill -9 $pid; cat {folder}/said; exit 1; }}
    sleep 0.05
done
kill -9 $pid; wait $pid 2>/dev/null || true"""


def _users(secrets: Mapping[str, str]) -> list[dict[str, str]]:
    """Redis stores passwords as SHA-256; the file holds no other form of them."""
    return [
        {
            "name": user.name,
            "hash": hashlib.sha256(secrets[user.secret].encode()).hexdigest(),
            "rules": user.rules,
        }
        for user in USERS
    ]
