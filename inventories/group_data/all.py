"""Knobs of every fleet. Only what differs from a role's defaults.py stands here."""

ssh_user = "root"

fleet_zones = ["forest", "desert", "mountain", "volcanic", "hub"]
