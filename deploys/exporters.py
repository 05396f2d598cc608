"""Metrics of every droplet and of what it carries."""

from roles.base.deploy import packages
from roles.exporters.deploy import exporters

packages("exporters")
exporters()
