"""Base: the text that lands on every droplet."""

from realmfleet.facts.operators import KEYS
from realmfleet.files import Directory, File
from realmfleet.fleet import Droplet, Fleet
from realmfleet.render import render
from realmfleet.units import STAMP, Unit, watch_list
from roles.base.settings import settings, sysctl, thp

# The journal may take this much of the disk; longer histories belong into a log store.
JOURNAL_MAX_MB = 1024
# Files that a login and its programs may have open; services set their own in their units.
NOFILE = 65536
# Packages whose update restarts what players depend on.
PLANNED = ("postgresql-", "pgbouncer", "redis", "haproxy", "patroni", "etcd", "prometheus")

SSHD = "/etc/ssh/sshd_config.d/10-realmfleet.conf"
JOURNALD = "/etc/systemd/journald.conf.d/50-realmfleet.conf"
CHRONY = "/etc/chrony/conf.d/realmfleet.conf"
SUDOERS = "/etc/sudoers.d/realmfleet-operators"

UNITS = (
    Unit("ssh.service", reload=(SSHD,)),
    Unit("systemd-journald.service", restart=(JOURNALD,)),
    # A container has no clock of its own.
    Unit("chrony.service", restart=(CHRONY,), real_only=True),
    Unit("apt-daily.timer"),
    Unit("apt-daily-upgrade.timer"),
    # Updates run from the timers; this helper for shutdowns holds 20 MB and root for nothing.
    Unit("unattended-upgrades.service", running=False),
)

# Debian's own hardening of chrony, and a little more; the others belong to the system.
DROP_INS = {"chrony.service": "base/chrony-unit.conf.j2"}


def before_packages() -> tuple[File, ...]:
    """What must lie there before packages come: they start nothing, and make no cluster."""
    return (
        File("/usr/sbin/policy-rc.d", render("base/policy-rc.d.j2"), mode=0o755),
        File(STAMP, render("base/stamp.j2"), mode=0o755),
        File(
            "/etc/postgresql-common/createcluster.d/realmfleet.conf",
            render("postgres/createcluster.conf.j2"),
        ),
    )


def files(fleet: Fleet, droplet: Droplet) -> tuple[File, ...]:
    """SSH, time, updates, journal, limits, kernel."""
    return (
        File(SSHD, render("base/sshd.conf.j2", keys=KEYS), mode=0o600),
        File(JOURNALD, render("base/journald.conf.j2", max_use_mb=JOURNAL_MAX_MB)),
        File(CHRONY, render("base/chrony.conf.j2")),
        File(SUDOERS, render("base/sudoers.j2"), mode=0o440),
        File(
            "/etc/apt/apt.conf.d/60realmfleet",
            render("base/unattended-upgrades.j2", planned=PLANNED),
        ),
        File(
            "/etc/security/limits.d/50-realmfleet.conf",
            render("base/limits.conf.j2", nofile=NOFILE),
        ),
        *kernel_files(fleet, droplet),
        *(_stamped(unit) for unit in UNITS if unit.restart or unit.reload),
        *(watch_list(unit) for unit in UNITS if unit.restart or unit.reload),
    )


def kernel_files(fleet: Fleet, droplet: Droplet) -> tuple[File, ...]:
    """What the next boot sets; operations.kernel sets the same now."""
    laid = sysctl(fleet, droplet).values()
    swap = settings(fleet, droplet)["swap_mb"]
    return (
        File("/etc/sysctl.d/90-realmfleet.conf", render("base/sysctl.conf.j2", settings=laid)),
        File(
            "/etc/tmpfiles.d/realmfleet-thp.conf", render("base/thp.conf.j2", setting=thp(droplet))
        ),
        File("/etc/systemd/system/swapfile.swap", render("base/swapfile.swap.j2", setting=swap)),
    )


def directories() -> tuple[Directory, ...]:
    """The journal keeps its history only where this folder is."""
    return (Directory("/var/log/journal", "root", "systemd-journal", 0o2755),)


# Each file is read by the program that will read it live.
CHECK = f"""sshd -t -f $STAGE{SSHD}
visudo -qcf $STAGE{SUDOERS}
chronyd -p -f $STAGE{CHRONY} >/dev/null
apt-config -c $STAGE/etc/apt/apt.conf.d/60realmfleet dump >/dev/null
"""


def _stamped(unit: Unit) -> File:
    """Vendors' units leave a stamp when they start, as ours do."""
    path = f"/etc/systemd/system/{unit.name}.d/50-realmfleet.conf"
    return File(path, render(DROP_INS.get(unit.name, "base/stamped-unit.conf.j2")))
