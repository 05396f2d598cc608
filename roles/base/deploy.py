"""Base: what every droplet has, whatever it carries."""

import roles
from realmfleet import live
from realmfleet.operations.kernel import kernel, sysctl_path
from realmfleet.operations.operators import operators
from realmfleet.operations.packages import packages as install
from realmfleet.operations.tree import tree
from realmfleet.operations.units import units
from roles.base import files, settings

THP = "/sys/kernel/mm/transparent_hugepage/enabled"


def packages(*services: str) -> None:
    """Install what these services need on this droplet, all of its services by default."""
    carried = [name for name in live.droplet().services if name in roles.names()]
    asked = [name for name in carried if not services or name in services]
    tree(name="Prepare the packages", files=files.before_packages())
    install(
        name="Install the packages",
        names=[package for name in asked for package in roles.packages(name, carried)],
        hold=[package for name in asked for package in roles.held(name)],
    )


def base() -> None:
    """Users, SSH, time, updates, journal, limits, kernel."""
    fleet, droplet = live.fleet(), live.droplet()
    operators(name="Give operators access", wanted=live.data("base_operators"))
    tree(
        name="Write the base configuration",
        files=files.files(fleet, droplet),
        directories=files.directories(),
        check=files.CHECK,
    )
    laid = settings.sysctl(fleet, droplet)
    values = {sysctl_path(name): setting.text for name, setting in laid.items()}
    kernel(
        name="Apply the kernel's settings",
        values=values | {THP: settings.thp(droplet).text},
        swap_mb=settings.swap_mb(droplet),
    )
    units(name="Run the base units", wanted=files.UNITS)
