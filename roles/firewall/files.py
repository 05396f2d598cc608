"""Firewall: the text that lands on a droplet."""

from realmfleet.files import File
from realmfleet.fleet import Droplet, Fleet
from realmfleet.render import render
from roles.firewall.settings import egress, openings

RULES = "/etc/realmfleet/firewall.nft"
ROLLBACK = "/usr/local/lib/realmfleet/firewall-rollback"
UNIT = "realmfleet-firewall.service"


def rules(fleet: Fleet, droplet: Droplet) -> File:
    """The rule set; it goes live by trial, not as part of a tree."""
    text = render(
        "firewall/rules.nft.j2",
        openings=openings(fleet, droplet),
        egress=egress(fleet, droplet),
    )
    return File(RULES, text, mode=0o600)


def files() -> tuple[File, ...]:
    """What the trial of new rules needs, and the unit that loads them at boot."""
    return (
        File(ROLLBACK, render("firewall/rollback.j2"), mode=0o755),
        File(f"/etc/systemd/system/{UNIT}", render("firewall/unit.service.j2")),
    )
