"""Who may do what: roles, databases and access rules as data."""

from ipaddress import IPv4Address

import pytest

from realmfleet.fleet import Fleet
from realmfleet.settings import WishError
from roles.postgres.access import access, hba
from roles.postgres.defaults import SECRETS
from roles.postgres.settings import settings


def test_alpha(alpha):
    found = access(*alpha())
    assert [(db.name, db.owner, db.schemas) for db in found.databases] == [
        ("world", "world_owner", ("world",)),
        ("campaign", "campaign_owner", ("campaign",)),
    ]
    assert [role.name for role in found.roles] == [
        "application",
        "analytics",
        "prometheus",
        "world_owner",
        "campaign_owner",
    ]


def test_the_application_writes_and_analysts_read(alpha):
    for database in access(*alpha()).databases:
        rights = {grant.role: (grant.tables, grant.sequences) for grant in database.grants}
        assert rights == {
            "application": (("SELECT", "INSERT", "UPDATE", "DELETE"), ("USAGE", "SELECT")),
            "analytics": (("SELECT",), ("SELECT",)),
        }
        assert database.owner not in database.connect


def test_whoever_logs_in_by_password_has_a_secret(alpha):
    roles = access(*alpha()).roles
    assert {role.secret for role in roles if role.secret} <= set(SECRETS)
    assert [role.name for role in roles if role.login and not role.secret] == ["prometheus"]
    assert all(not role.login for role in roles if role.name.endswith("_owner"))


def test_alpha_answers_nobody_from_elsewhere(alpha):
    assert [str(line) for line in hba(*alpha())] == [
        "local all postgres peer",
        "local postgres,world,campaign prometheus peer",
        "local world,campaign application,analytics scram-sha-256",
        "host world,campaign application,analytics 127.0.0.1/32 scram-sha-256",
    ]


def test_other_droplets_by_their_address(droplet):
    one = droplet("s-4vcpu-8gb", "postgres", name="a", mesh_ip=IPv4Address("10.77.1.1"))
    two = droplet("s-4vcpu-8gb", "postgres", name="b", mesh_ip=IPv4Address("10.77.1.2"))
    pool = droplet("s-1vcpu-1gb", "pgbouncer", name="c", mesh_ip=IPv4Address("10.77.1.3"))
    fleet = Fleet("f", (one, two, pool))
    assert [str(line) for line in hba(fleet, one)][4:] == [
        "host world,campaign application,analytics 10.77.1.3/32 scram-sha-256",
        "host replication replicator 10.77.1.2/32 scram-sha-256",
    ]
    assert "replicator" in [role.name for role in access(fleet, one).roles]


def test_an_open_network_only_by_tls(droplet):
    one = droplet("s-4vcpu-8gb", "postgres", name="a", private_ip=IPv4Address("10.0.0.1"))
    two = droplet("s-4vcpu-8gb", "postgres", name="b", private_ip=IPv4Address("10.0.0.2"))
    assert str(hba(Fleet("f", (one, two)), one)[-1]).startswith("hostssl replication ")


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ({}, "no database"),
        ({"World": {"schemas": ["w"]}}, "'World' is no plain name"),
        ({"template1": {"schemas": ["w"]}}, "PostgreSQL's own"),
        ({"w; drop": {"schemas": ["w"]}}, "no plain name"),
        ({"world": ["world"]}, "not a dict"),
        ({"world": {"schemas": []}}, "its schemas are"),
        ({"world": {"schemas": ["pg_x"]}}, "PostgreSQL's own"),
        ({"world": {"schema": ["w"]}}, "Did you mean 'schemas'"),
    ],
)
def test_odd_databases_are_refused_early(alpha, declared, says):
    with pytest.raises(WishError, match=says):
        settings(*alpha(postgres_databases=declared))
