"""Knobs of every fleet. Only what differs from a role's defaults.py stands here."""

ssh_user = "root"

fleet_zones = ["forest", "desert", "mountain", "volcanic", "hub"]

# The sample game; put your own builds and your own schema here: docs/game.md.
api_artifact = {"path": "examples/game/dist/game-api", "version": "1.0.0"}
zone_artifact = {"path": "examples/game/dist/zone.pck", "version": "1.0.0"}
zone_probe = {"path": "examples/game/dist/bots.pck", "version": "1.0.0"}
postgres_databases = {
    "world": {"schemas": ["world"]},
    "campaign": {
        "schemas": ["campaign"],
        "migrations": "examples/game/schema/campaign",
        "keep_days": {"campaign.events": 30},
    },
}
