"""The game itself: the studio's API, then the zone servers, which ask it."""

from pyinfra import host

from realmfleet.operations.stage import barrier
from roles.api.deploy import api
from roles.base.deploy import packages
from roles.zone.deploy import zone

packages("api", "zone")
if "api" in host.groups:
    api()
barrier(name="Stage: zones", stage="zones")
if "zone" in host.groups:
    zone()
