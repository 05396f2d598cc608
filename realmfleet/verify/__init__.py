"""Checks of the live state: what is asked of a droplet, and how its answers are judged."""
