"""Knobs of every fleet. Only what differs from a role's defaults.py stands here."""

ssh_user = "root"

fleet_zones = ["forest", "desert", "mountain", "volcanic", "hub"]

# The sample game's; a studio names its own folder here.
postgres_databases = {
    "world": {"schemas": ["world"]},
    "campaign": {
        "schemas": ["campaign"],
        "migrations": "examples/game/schema/campaign",
        "keep_days": {"campaign.events": 30},
    },
}
