"""Metrics, alerts and their delivery, once everything that is watched is there."""

from pyinfra import host

from roles.base.deploy import packages
from roles.prometheus.deploy import prometheus

packages("prometheus")
if "prometheus" in host.groups:
    prometheus()
