"""The first deploy of Alpha beside one plain `apt-get install` of the same packages.

Both start from the same fresh droplet, twice each in turn, with the same downloaded packages at
hand. Both fetch the package lists: a droplet has none of today. Run it alone on a machine:

    .venv/bin/python benchmarks/first_deploy.py
"""

import subprocess
from statistics import mean

from fresh import ROOT, on, rehearsal, timed

import roles
from realmfleet.fleet import Droplet
from realmfleet.rehearsal.play import keep_packages
from realmfleet.run import command, pyinfra

ROUNDS = 2
LIMIT = 1.5


def packages(droplet: Droplet) -> list[str]:
    """What the deploy installs on this droplet."""
    carried = [name for name in droplet.services if name in roles.names()]
    return sorted({p for name in carried for p in roles.packages(name, carried)})


def plain(seconds: list[float]) -> None:
    """One `apt-get install`, as anybody would type it."""
    with rehearsal("alpha", "benchapt") as played:
        names = " ".join(packages(played.fleet.droplets[0]))
        apt = f"apt-get -qy --no-install-recommends install {names}"
        script = f"export DEBIAN_FRONTEND=noninteractive; apt-get -q update; {apt}"
        with timed(seconds):
            on(played, "alpha-1", script)
        keep_packages(played)


def deploy(seconds: list[float]) -> None:
    """The first deploy: packages, configuration, databases, services, firewall."""
    with rehearsal("alpha", "benchdeploy") as played:
        order = command("alpha", "deploys/all.py", ["-y"], played.arguments)
        with timed(seconds):
            subprocess.run([pyinfra(), *order[1:]], cwd=ROOT, check=True, capture_output=True)
        keep_packages(played)


def main() -> None:
    """Print both times and their ratio."""
    plain([])  # fills the cache of packages
    apt: list[float] = []
    ours: list[float] = []
    for _ in range(ROUNDS):
        plain(apt)
        deploy(ours)
    ratio = mean(ours) / mean(apt)
    print(f"apt-get update and install  {', '.join(f'{s:.1f}' for s in apt)} s")
    print(f"first deploy                {', '.join(f'{s:.1f}' for s in ours)} s")
    print(f"ratio                       {ratio:.2f} (at most {LIMIT})")
    raise SystemExit(ratio > LIMIT)


if __name__ == "__main__":
    main()
