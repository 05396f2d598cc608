"""Knobs of every fleet. Only what differs from a role's defaults.py stands here."""

fleet_zones = ["forest", "desert", "mountain", "volcanic", "hub"]
