"""Every kind of drift yields exactly the statement that is missing: roles and databases."""

import pytest

from roles.postgres.access import APPLICATION
from roles.postgres.converge import CLUSTER_EXTENSION, QUIET, script
from roles.postgres.model import Access
from roles.postgres.state import digest

POWERS = "nosuperuser nocreatedb nocreaterole nobypassrls inherit"


def test_nothing_is_missing_where_all_is_as_asked(statements, as_asked):
    assert statements(as_asked) == {}


APP = ("postgres", "roles", "application")
ALTER = (
    f"alter role application with login noreplication {POWERS} connection limit -1 "
    "password 'SCRAM-SHA-256$4096:app''s'"
)
TIMEOUTS = ["lock_timeout=10s", "statement_timeout=30s"]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("login", False, ALTER),
        ("replication", True, ALTER),
        ("limit", 9, ALTER),
        ("powers", True, ALTER),
        ("verifier", digest("another"), ALTER),
        ("member_of", ["pg_write_all_data"], "revoke pg_write_all_data from application"),
        ("settings", TIMEOUTS[:1], "alter role application set statement_timeout to '30s'"),
        (
            "settings",
            ["lock_timeout=0", "statement_timeout=30s"],
            "alter role application set lock_timeout to '10s'",
        ),
        ("settings", [*TIMEOUTS, "work_mem=1GB"], "alter role application reset work_mem"),
    ],
)
def test_a_role_that_has_drifted(statements, drifted, key, value, expected):
    assert statements(drifted(*APP, key, value=value)) == {"postgres": [expected]}


def test_a_missing_role_is_made_whole(statements, drifted):
    assert statements(drifted(*APP)) == {
        "postgres": [
            "create role application",
            ALTER,
            "alter role application set statement_timeout to '30s'",
            "alter role application set lock_timeout to '10s'",
        ]
    }


def test_a_missing_membership_is_granted_and_an_owner_never_logs_in(statements, drifted):
    state = drifted("postgres", "roles", "prometheus", "member_of", value=["pg_monitor"])
    granted = ["grant pg_use_reserved_connections to prometheus"]
    assert statements(state) == {"postgres": granted}
    state = drifted("postgres", "roles", "world_owner", "login", value=True)
    (alter,) = statements(state)["postgres"]
    assert alter.startswith("alter role world_owner with nologin ")
    assert alter.endswith("password null")


DATABASE = ("postgres", "databases", "world")


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ((*DATABASE, "owner"), "postgres", "alter database world owner to world_owner"),
        ((*DATABASE, "acl", "public"), ["CONNECT"], "revoke CONNECT on database world from public"),
        (
            (*DATABASE, "acl", "application"),
            ["CONNECT", "CREATE", "TEMPORARY"],
            "revoke CREATE, TEMPORARY on database world from application",
        ),
        ((*DATABASE, "acl", "analytics"), [], "grant CONNECT on database world to analytics"),
        (
            (*DATABASE, "settings"),
            [],
            # A list of names: quoted as a whole it would be one odd name.
            "alter database world set search_path to world, public",
        ),
        (("postgres", "extensions"), ["plpgsql"], f"create extension {CLUSTER_EXTENSION}"),
    ],
)
def test_a_database_that_has_drifted(statements, drifted, path, value, expected):
    assert statements(drifted(*path, value=value)) == {"postgres": [expected]}


def test_a_missing_database_is_made_with_all_that_is_in_it(statements, drifted):
    state = drifted(*DATABASE)
    del state["world"]
    made = statements(state)
    assert made["postgres"] == [
        "create database world owner world_owner",
        "grant CONNECT on database world to application",
        "grant CONNECT on database world to analytics",
        "grant CONNECT on database world to prometheus",
        "revoke CONNECT, TEMPORARY on database world from public",
        "alter database world set search_path to world, public",
    ]
    assert made["world"][:2] == [
        "create extension if not exists timescaledb",
        "create schema world authorization world_owner",
    ]
    assert len(made["world"]) == 2 + 2 + 4


def test_statements_stay_out_of_the_servers_logs_and_statistics(as_asked):
    del as_asked["postgres"]["roles"]["application"]
    asked = Access((APPLICATION,), ())
    connect, *lines = script(asked, {}, as_asked).splitlines()
    assert connect == "\\connect postgres"
    assert lines[: len(QUIET)] == [f"{line};" for line in QUIET]
    assert lines[len(QUIET)] == "create role application;"
    assert "set log_statement = 'none'" in QUIET
    assert "set log_min_error_statement = 'panic'" in QUIET
