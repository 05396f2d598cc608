"""Metrics, alerts and their delivery, once everything that is watched is there."""

from pyinfra import host

from roles.alertmanager.deploy import alertmanager
from roles.base.deploy import packages
from roles.prometheus.deploy import prometheus

packages("alertmanager", "prometheus")
if "alertmanager" in host.groups:
    alertmanager()
if "prometheus" in host.groups:
    prometheus()
