"""Deploys that are killed at a sight on the droplet, and what must be true after the next ones."""

import re
import subprocess
from contextlib import contextmanager

import roles
from realmfleet.inventory import ROOT
from tests.rehearsal.conftest import ALL

# A deploy reaches every sight within a minute here; a busy machine takes several times that.
SIGHT_S = 600
# The last row of pyinfra's results: hosts, succeeded, failed, nothing to do.
TOTAL = re.compile(r"Grand total +(\d+) +(\S+) +(\S+) +(\S+)")


@contextmanager
def deploys(alpha, told):
    """A function that starts a deploy, waits for a sight on the droplet, and kills what it is
    told to. What the deploy says goes into the file `told`.
    """
    started = []

    def deploy_until(sight, kill, *options, file=ALL):
        with told.open("w") as opened:
            child = subprocess.Popen(
                alpha.command("-y", *options, file=file),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=opened,
                stderr=opened,
            )
        started.append(child)
        look = f"until {sight}; do sleep 0.02; done"
        alpha.ok(["timeout", str(SIGHT_S), "sh", "-c", look])
        assert child.poll() is None, told.read_text()
        kill(child)

    try:
        yield deploy_until
    finally:
        for child in started:
            child.kill()
            child.wait()


def the_deploy(child):
    """SIGKILL: pyinfra can neither say goodbye nor clean up."""
    child.kill()
    child.wait()


def the_droplet(alpha):
    """`docker kill`, and the power comes back."""

    def the_droplet(child):
        alpha.kill()
        the_deploy(child)
        alpha.start()

    return the_droplet


def converges(alpha, *options):
    """The next run succeeds, the one after it changes nothing, and everything runs."""
    second = alpha.deploy(*options)
    assert second.code == 0, second.stdout + second.stderr
    third = alpha.deploy(*options)
    assert third.code == 0, third.stdout + third.stderr
    hosts, *counts = TOTAL.search(third.stdout + third.stderr).groups()
    assert counts == ["-", "-", hosts]
    assert alpha.ok("dpkg --audit") == ""
    assert alpha.ok("systemctl --failed --no-legend --plain") == ""
    wanted = states(alpha.rehearsal.fleet.droplet("alpha-1"))
    found = alpha.ok(["sh", "-c", 'systemctl is-active "$@"; true', "sh", *wanted]).split()
    assert dict(zip(wanted, found, strict=True)) == wanted
    assert alpha.ok("ls /var/lib/realmfleet | grep -v firewall || true") == ""
    return second.stdout + second.stderr


def states(droplet):
    """Every unit of the droplet's roles, and how it shall be in a container."""
    carried = [service for service in droplet.services if service in roles.names()]
    units = [unit for name in carried for unit in roles.room(name, "verify").units(droplet)]
    here = {unit.name: unit.running and not unit.real_only for unit in units}
    return {name: "active" if running else "inactive" for name, running in here.items()}
