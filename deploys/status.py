"""What every droplet does right now; `realmfleet status FLEET` shows it on one screen."""

from realmfleet.operations.status import status

status(name="Ask what runs")
