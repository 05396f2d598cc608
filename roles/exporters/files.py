"""Exporters: the text that lands on a droplet, for what the droplet carries."""

from collections.abc import Mapping
from dataclasses import dataclass

from realmfleet.files import File
from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.flows import inbound
from realmfleet.render import render
from realmfleet.units import Unit, let_through, watch_list

FOLDER = "/etc/realmfleet/exporters"
REDIS_UNIT = "/etc/systemd/system/realmfleet-redis-exporter@.service"
# instance -> Redis' port, the exporter's port
REDIS_PORTS = {"session": (6379, 9121), "leaderboard": (6380, 9122)}


@dataclass(frozen=True)
class Exporter:
    """One of Debian's exporters: its port, arguments, environment, and what it needs to see."""

    name: str
    port: int
    arguments: str = ""
    env: str = ""
    sees_machine: bool = False
    # Debian's unit stops with what it watches, and could not tell that it is down.
    own_unit: str = ""

    @property
    def unit(self) -> str:
        """Debian's name of the unit."""
        return f"prometheus-{self.name}-exporter.service"

    @property
    def drop_in(self) -> str:
        """The file of ours that says how the unit runs."""
        return f"/etc/systemd/system/{self.unit}.d/50-realmfleet.conf"


NODE = Exporter(
    "node",
    9100,
    # Of systemd's units the services alone: five series each.
    "--collector.systemd --collector.systemd.unit-include=.+[.]service "
    "--no-collector.wifi --no-collector.infiniband",
    sees_machine=True,
)
POSTGRES = Exporter("postgres", 9187, env=f"{FOLDER}/postgres.env")
PGBOUNCER = Exporter(
    "pgbouncer",
    9127,
    env=f"{FOLDER}/pgbouncer.env",
    own_unit="/etc/systemd/system/prometheus-pgbouncer-exporter.service",
)


def exporters(droplet: Droplet) -> tuple[Exporter, ...]:
    """Debian's exporters for what this droplet carries, without those of Redis."""
    carried = {"postgres": POSTGRES, "pgbouncer": PGBOUNCER}
    return (NODE, *(e for service, e in carried.items() if droplet.carries(service)))


def units(droplet: Droplet) -> tuple[Unit, ...]:
    """The units of this droplet's exporters; Debian's own for Redis stays off."""
    wanted = [
        Unit(e.unit, restart=(e.drop_in, *filter(None, (e.env, e.own_unit))), ready=_ready(e.port))
        for e in exporters(droplet)
    ]
    if droplet.carries("redis"):
        wanted.append(Unit("prometheus-redis-exporter.service", running=False))
        for instance, (_, port) in REDIS_PORTS.items():
            seen = (REDIS_UNIT, f"{FOLDER}/redis-{instance}.env")
            name = f"realmfleet-redis-exporter@{instance}.service"
            wanted.append(Unit(name, restart=seen, ready=_ready(port)))
    return tuple(wanted)


def files(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> tuple[File, ...]:
    """Unit files and environments; the environments hold passwords."""
    address = _address(fleet, droplet)
    allowed = let_through(fleet, droplet, "exporters")
    written = [_drop_in(exporter, address, allowed) for exporter in exporters(droplet)]
    if droplet.carries("postgres"):
        written.append(_env("postgres", {"DATA_SOURCE_NAME": POSTGRES_DSN}))
    if droplet.carries("pgbouncer"):
        dsn = PGBOUNCER_DSN.format(password=secrets["pgbouncer_monitor_password"])
        written.append(File(PGBOUNCER.own_unit, render("exporters/pgbouncer.service.j2")))
        written.append(_env("pgbouncer", {"PGBOUNCER_EXPORTER_CONNECTION_STRING": dsn}))
    if droplet.carries("redis"):
        unit = render("exporters/redis.service.j2", folder=FOLDER, allowed=allowed)
        written.append(File(REDIS_UNIT, unit))
        written += _redis_envs(address, secrets["redis_monitor_password"])
    return (*written, *(watch_list(unit) for unit in units(droplet) if unit.running))


# The exporter's Unix user is its role in PostgreSQL (peer): no password to keep.
POSTGRES_DSN = "user=prometheus host=/run/postgresql dbname=postgres"
PGBOUNCER_DSN = (
    "'user=pgbouncer_monitor password={password} host=/run/pgbouncer port=6432 "
    "dbname=pgbouncer sslmode=disable'"
)


def _drop_in(exporter: Exporter, address: str, allowed: tuple[str, ...]) -> File:
    listen = f"--web.listen-address={address}:{exporter.port}"
    command = f"/usr/bin/prometheus-{exporter.name}-exporter {listen} {exporter.arguments}".strip()
    text = render(
        "exporters/unit.conf.j2",
        command=command,
        env=exporter.env,
        own_unit=exporter.own_unit,
        sees_machine=exporter.sees_machine,
        allowed=allowed,
    )
    return File(exporter.drop_in, text)


def _redis_envs(address: str, password: str) -> list[File]:
    return [
        _env(
            f"redis-{instance}",
            {
                "REDIS_ADDR": f"redis://127.0.0.1:{port}",
                "REDIS_USER": "monitor",
                "REDIS_PASSWORD": password,
                "REDIS_EXPORTER_WEB_LISTEN_ADDRESS": f"{address}:{exporter_port}",
            },
        )
        for instance, (port, exporter_port) in REDIS_PORTS.items()
    ]


def _env(name: str, values: Mapping[str, str]) -> File:
    text = render("exporters/env.j2", values=values)
    return File(f"{FOLDER}/{name}.env", text, mode=0o600, secret=True)


def _address(fleet: Fleet, droplet: Droplet) -> str:
    """Loopback where Prometheus is a neighbour, else the inner address."""
    remote = any(o.flow.service == "exporters" for o in inbound(fleet, droplet))
    return str(droplet.inner_ip) if remote else "127.0.0.1"


def _ready(port: int) -> str:
    return f"ss -ltnH 'sport = :{port}' | grep -q ."
