"""Firewall: the text that lands on a droplet."""

from realmfleet.files import File
from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.flows import egress as declared_egress
from realmfleet.render import render
from roles.firewall.settings import egress, openings

RULES = "/etc/realmfleet/firewall.nft"
ROLLBACK = "/usr/local/lib/realmfleet/firewall-rollback"
UNIT = "realmfleet-firewall.service"
USERS = "/etc/sysusers.d/realmfleet.conf"


def rules(fleet: Fleet, droplet: Droplet) -> File:
    """The rule set; it goes live by trial, not as part of a tree."""
    text = render(
        "firewall/rules.nft.j2",
        openings=openings(fleet, droplet),
        egress=egress(fleet, droplet),
    )
    return File(RULES, text, mode=0o600)


def files(droplet: Droplet) -> tuple[File, ...]:
    """What the trial of new rules needs, the unit that loads them at boot, and their users."""
    return (
        File(USERS, render("firewall/users.conf.j2", users=_users(droplet))),
        File(ROLLBACK, render("firewall/rollback.j2"), mode=0o755),
        File(f"/etc/systemd/system/{UNIT}", render("firewall/unit.service.j2")),
    )


# Before the file lies there: where it does, its users exist, also after a run that was killed.
CHECK = f"systemd-sysusers $STAGE{USERS}"


def _users(droplet: Droplet) -> list[str]:
    """Those that rules name and no package brings."""
    return [e.user for e in declared_egress(droplet) if e.service and e.user]
