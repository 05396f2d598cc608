"""Who exists: droplets, sizes, regions, roles, addresses and flows, read from an inventory."""

from realmfleet.fleet.addresses import placeholders
from realmfleet.fleet.load import fleet_name, known_keys, load_fleet
from realmfleet.fleet.mistakes import FleetError, Mistake, nearest
from realmfleet.fleet.model import Droplet, Fleet

__all__ = [
    "Droplet",
    "Fleet",
    "FleetError",
    "Mistake",
    "fleet_name",
    "known_keys",
    "load_fleet",
    "nearest",
    "placeholders",
]
