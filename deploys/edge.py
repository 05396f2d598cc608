"""The edge: TLS in front of the API."""

from pyinfra import host

from roles.base.deploy import packages
from roles.haproxy.deploy import haproxy

packages("haproxy")
if "haproxy" in host.groups:
    haproxy()
