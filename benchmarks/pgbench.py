"""pgbench on one droplet: ours, Debian's stock configuration, and timescaledb-tune's formulas.

Three clusters on the same droplet, the same data, one after the other in every round, so that
whatever else the machine does meets all of them. Clients come over TCP on loopback, as the
game's API does, and prepare their statements, as Go's pgx does; `--socket` and `--simple` take
the other ways. fsync, full_page_writes and synchronous_commit stay on everywhere, checksums too.

    .venv/bin/python benchmarks/pgbench.py
"""

from dataclasses import dataclass
from statistics import median

import click
from fresh import ROOT, on, rehearsal

from realmfleet.rehearsal.play import Rehearsal
from realmfleet.run import command, run

MODES = {"select-only": "-S", "simple-update": "-N", "tpcb-like": ""}
LIMITS = {
    ("stock", "select-only"): 1.6,
    ("stock", "simple-update"): 1.2,
    ("stock", "tpcb-like"): 1.4,
}
PASSWORD = "bench"  # of three throw-away clusters that listen on loopback only


@dataclass(frozen=True)
class Cluster:
    """One server: its port and what differs from Debian's stock configuration."""

    name: str
    port: int
    settings: tuple[str, ...] = ()


# timescaledb-tune 0.18 for 4 GB and 2 CPUs, the same number of connections as ours:
# https://github.com/timescale/timescaledb-tune
TUNE = (
    "shared_preload_libraries = timescaledb",
    "shared_buffers = 1GB",
    "effective_cache_size = 3GB",
    "maintenance_work_mem = 512MB",
    "work_mem = 5242kB",
    "timescaledb.max_background_workers = 16",
    "max_worker_processes = 21",
    "max_parallel_workers_per_gather = 1",
    "max_parallel_workers = 2",
    "wal_buffers = 16MB",
    "min_wal_size = 512MB",
    "default_statistics_target = 100",
    "random_page_cost = 1.1",
    "checkpoint_completion_target = 0.9",
    "max_wal_size = 1GB",
    "max_connections = 100",
    "max_locks_per_transaction = 128",
    "autovacuum_max_workers = 10",
    "autovacuum_naptime = 10",
    "effective_io_concurrency = 256",
)


def make(played: Rehearsal, cluster: Cluster, ours: str) -> None:
    """A cluster beside ours; `ours` is a line that lays our own settings over it."""
    folder = f"/etc/postgresql/17/{cluster.name}"
    own = [f"{kind}_file = '{folder}/pg_{kind}.conf'" for kind in ("hba", "ident")]
    lines = [*cluster.settings, ours, *own, f"port = {cluster.port}"]
    text = "\n".join(line for line in lines if line)
    on(
        played,
        "alpha-1",
        f"""pg_createcluster 17 {cluster.name} -p {cluster.port} -- -k >/dev/null
cat > /etc/postgresql/17/{cluster.name}/conf.d/bench.conf <<'END'
{text}
END
pg_ctlcluster 17 {cluster.name} start""",
    )


def fill(played: Rehearsal, cluster: Cluster, scale: int) -> None:
    """The same data everywhere, all of it written to disk before anything is measured."""
    extension = "" if cluster.name == "stock" else "-c 'create extension timescaledb'"
    psql = f"psql -qX -p {cluster.port}"
    on(
        played,
        "alpha-1",
        f"""su postgres -c "{psql} -c \\"alter role postgres password '{PASSWORD}'\\" \\
    -c 'create database bench'"
su postgres -c "{psql} -d bench {extension} -c 'select 1' >/dev/null"
su postgres -c "pgbench -qis {scale} -p {cluster.port} bench" >/dev/null 2>&1
su postgres -c "{psql} -d bench -c 'vacuum analyze' -c checkpoint" """,
    )


def measure(played: Rehearsal, cluster: Cluster, mode: str, how: str, seconds: int) -> float:
    """Transactions a second of one run."""
    said = on(
        played,
        "alpha-1",
        f"""su postgres -c "PGPASSWORD={PASSWORD} pgbench -n {MODES[mode]} {how} -j 2 \\
    -T {seconds} -p {cluster.port} bench" 2>/dev/null""",
    )
    line = next(line for line in said.splitlines() if line.startswith("tps"))
    return float(line.split()[2])


@click.command(help=__doc__)
@click.option("--rounds", default=3, show_default=True)
@click.option("--seconds", default=15, show_default=True, help="Length of one run.")
@click.option("--clients", default=4, show_default=True, help="Two for each vCPU.")
@click.option("--scale", default=50, show_default=True, help="750 MB: fits our cache.")
@click.option("--socket", is_flag=True, help="Over the Unix socket instead of TCP.")
@click.option("--simple", is_flag=True, help="Statements are not prepared.")
def main(rounds: int, seconds: int, clients: int, scale: int, socket: bool, simple: bool) -> None:
    """Deploy Alpha, make the clusters, measure in turn, print medians and ratios."""
    protocol = "simple" if simple else "prepared"
    host = "/run/postgresql" if socket else "127.0.0.1"
    how = f"-M {protocol} -c {clients} -h {host}"
    clusters = (Cluster("ours", 5440), Cluster("stock", 5441), Cluster("tune", 5442, TUNE))
    with rehearsal("alpha", "benchpg") as played:
        if code := run(command("alpha", "deploys/all.py", ["-y"], played.arguments), ROOT):
            raise SystemExit(code)
        settings = "include '/etc/postgresql/17/main/conf.d/50-realmfleet.conf'"
        for cluster in clusters:
            make(played, cluster, settings if cluster.name == "ours" else "")
            fill(played, cluster, scale)
        on(played, "alpha-1", "systemctl stop postgresql@17-main")
        tps: dict[tuple[str, str], list[float]] = {}
        for _ in range(rounds):
            for mode in MODES:
                for cluster in clusters:
                    found = measure(played, cluster, mode, how, seconds)
                    tps.setdefault((cluster.name, mode), []).append(found)
    raise SystemExit(report(tps))


def report(tps: dict[tuple[str, str], list[float]]) -> bool:
    """Print the table; whether a limit was missed."""
    missed = False
    print(f"{'':14}{'ours':>9}{'stock':>9}{'ratio':>7}{'tune':>9}{'ratio':>7}")
    for mode in MODES:
        ours, stock, tune = (median(tps[name, mode]) for name in ("ours", "stock", "tune"))
        print(f"{mode:14}{ours:9.0f}{stock:9.0f}{ours / stock:7.2f}{tune:9.0f}{ours / tune:7.2f}")
        missed |= ours / stock < LIMITS["stock", mode] or ours < tune
    return missed


if __name__ == "__main__":
    main()
