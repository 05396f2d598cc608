"""Every role says how its live state is checked, on every droplet of every fleet."""

import pytest

import roles
from realmfleet.inventory import fleet_names, read_fleet
from tests.realmfleet.secrets.pems import certificate, ec_key, key_pem, pem

SECRETS = {
    name: f"{name}-secret"
    for service in roles.names()
    for name in (*roles.secrets(service), *roles.given(service))
}
# Files say when it ends, checks trust it: it must be one; what stands before it is no part of it.
KEY = ec_key()
SECRETS["haproxy_certificate"] += "\n" + pem(certificate("own", KEY)) + key_pem(KEY)
FLEETS = {name: read_fleet(name) for name in fleet_names()}
DROPLETS = [(fleet, droplet) for fleet in FLEETS.values() for droplet in fleet.droplets]


@pytest.mark.parametrize(
    ("fleet", "droplet"), DROPLETS, ids=[f"{f.name}/{d.name}" for f, d in DROPLETS]
)
def test_every_role_has_checks_and_none_shows_a_secret(fleet, droplet):
    for service in (name for name in droplet.services if name in roles.names()):
        checks = list(roles.room(service, "verify").checks(fleet, droplet, SECRETS))
        assert checks
        assert {check.service for check in checks} == {service}
        assert len({check.about for check in checks}) == len(checks)
        shown = " ".join(f"{check!r} {check.question}" for check in checks)
        assert "-secret" not in shown


@pytest.mark.parametrize("service", roles.names())
def test_units_have_no_owner_twice(service):
    for _, droplet in DROPLETS:
        if droplet.carries(service):
            names = [unit.name for unit in roles.room(service, "verify").units(droplet)]
            assert len(set(names)) == len(names)
