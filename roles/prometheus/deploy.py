"""Prometheus: scrapes what the fleet model declares, judges it by rules, shows it on pages."""

import roles
from realmfleet import live
from realmfleet.operations.tree import tree
from realmfleet.operations.units import units
from roles.prometheus import files


def prometheus() -> None:
    """Write configuration, rules and pages, and run what they say."""
    tree(
        name="Write Prometheus's configuration",
        files=files.files(live.fleet(), live.droplet(), roles.names()),
        check=files.CHECK,
    )
    units(name="Run Prometheus", wanted=[files.UNIT])
