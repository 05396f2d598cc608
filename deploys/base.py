"""Every droplet: packages, users, SSH, time, updates, kernel, firewall."""

from roles.base.deploy import base, packages
from roles.firewall.deploy import firewall

packages()
base()
firewall()
