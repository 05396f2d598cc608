"""Exporters, as they are live: each answers, and says that what it watches is up."""

import re
from collections.abc import Iterator, Mapping
from functools import partial

from realmfleet.fleet import Droplet, Fleet
from realmfleet.units import Unit
from realmfleet.verify.files import secret_files
from realmfleet.verify.model import Check, Verdict
from realmfleet.verify.units import unit_checks
from roles.exporters import files
from roles.exporters.files import NODE, PGBOUNCER, POSTGRES, REDIS_PORTS

# exporter's port -> the metric that is 1 when its target answers; the machine is always up.
UP = {NODE.port: "node_exporter_build_info", POSTGRES.port: "pg_up", PGBOUNCER.port: "pgbouncer_up"}
UP |= {port: "redis_up" for _, port in REDIS_PORTS.values()}


def units(droplet: Droplet) -> tuple[Unit, ...]:
    """One for everything that is watched; Debian's own for Redis stays off."""
    return files.units(droplet)


def checks(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> Iterator[Check]:
    """Everything about the exporters on this droplet."""
    yield from unit_checks("exporters", units(droplet))
    written = files.files(fleet, droplet, secrets)
    if any(file.secret for file in written):
        yield secret_files("exporters", written)
    for name, port in _here(droplet).items():
        judge = partial(judge_metrics, name, UP[port])
        yield Check("exporters", name, _ask(port, UP[port]), judge)


def judge_metrics(name: str, metric: str, answer: str) -> Verdict:
    """One line of metrics, or what became of the question."""
    found = re.search(rf"^{metric}(?:\{{.*\}})? (\S+)", answer, re.M)
    if found is None:
        told = answer.strip().splitlines()[-1:] or ["nothing"]
        return Verdict("", (f"{name} does not answer ({told[0]}): systemctl status '*exporter*'",))
    if float(found[1]) != 1:
        what = f"{name} says {metric} {found[1]}, what it watches does not answer it"
        return Verdict("", (f"{what}: journalctl -u '*exporter*'",))
    return Verdict(f"{name} answers, {metric} is 1")


def _here(droplet: Droplet) -> dict[str, int]:
    named = {exporter.name: exporter.port for exporter in files.exporters(droplet)}
    if droplet.carries("redis"):
        named |= {f"redis-{instance}": port for instance, (_, port) in REDIS_PORTS.items()}
    return named


def _ask(port: int, metric: str) -> str:
    """Over HTTP at the address on which it listens now; bash can, and a droplet has no curl.

    Asked twice: after a restart of its target an exporter first finds its old connection broken.
    """
    address = (
        f"ss -ltnH 'sport = :{port}' | awk 'NR == 1 {{ sub(/:[0-9]+$/, \"\", $4); print $4 }}'"
    )
    request = "GET /metrics HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n"
    get = f'exec 3<>/dev/tcp/$1/{port}; printf "{request}" >&3; cat <&3'
    return (
        f'a=$({address}); [ -n "$a" ] || {{ echo nobody listens on {port}; exit; }}\n'
        f"for i in 1 2; do\n"
        f"said=$(bash -c '{get}' exporter \"$a\" 2>&1 | grep -e '^{metric}[ {{]' -e /dev/tcp)\n"
        f'case $said in *" 1") break; esac; sleep 1; done; echo "$said"'
    )
