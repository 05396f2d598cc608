"""Every kind of drift yields exactly the statement that is missing: extensions, schemas, grants."""

import pytest

FUTURE = "alter default privileges for role world_owner in schema world"


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("extensions",), [], "create extension if not exists timescaledb"),
        (("schemas", "world", "owner"), "auditor", "alter schema world owner to world_owner"),
        (
            ("schemas", "world", "acl", "public"),
            ["CREATE"],
            "revoke CREATE on schema world from public",
        ),
        (
            ("schemas", "world", "acl", "application"),
            ["CREATE", "USAGE"],
            "revoke CREATE on schema world from application",
        ),
        (("schemas", "world", "acl", "analytics"), [], "grant USAGE on schema world to analytics"),
        (
            ("relations", 0, "acl", "application"),
            ["DELETE", "INSERT", "SELECT", "TRUNCATE", "UPDATE"],
            'revoke TRUNCATE on table world."positions" from application',
        ),
        (
            ("relations", 0, "acl", "analytics"),
            ["DELETE", "SELECT"],
            'revoke DELETE on table world."positions" from analytics',
        ),
        (
            ("relations", 0, "acl", "application"),
            ["DELETE", "SELECT"],
            'grant INSERT, UPDATE on table world."positions" to application',
        ),
        (
            ("relations", 0, "acl", "public"),
            ["SELECT"],
            'revoke SELECT on table world."positions" from public',
        ),
        (
            ("relations", 0, "acl", "prometheus"),
            ["SELECT"],
            'revoke SELECT on table world."positions" from prometheus',
        ),
        (
            ("relations", 1, "acl", "analytics"),
            ["SELECT", "UPDATE"],
            'revoke UPDATE on sequence world."positions_id_seq" from analytics',
        ),
        (
            ("defaults", 0, "acl", "application"),
            ["SELECT"],
            f"{FUTURE} grant DELETE, INSERT, UPDATE on tables to application",
        ),
        (
            ("defaults", 0, "acl", "public"),
            ["SELECT"],
            f"{FUTURE} revoke SELECT on tables from public",
        ),
        (
            ("defaults", 1, "acl", "analytics"),
            [],
            f"{FUTURE} grant SELECT on sequences to analytics",
        ),
    ],
)
def test_a_schema_that_has_drifted(statements, drifted, path, value, expected):
    assert statements(drifted("world", *path, value=value)) == {"world": [expected]}


def test_an_odd_name_is_quoted_and_a_new_table_gets_everybodys_rights(statements, as_asked):
    odd = {"schema": "world", "name": 'od"d; drop', "type": "TABLE", "acl": {}}
    as_asked["world"]["relations"].append(odd)
    table = 'on table world."od""d; drop"'
    assert statements(as_asked) == {
        "world": [
            f"grant SELECT {table} to analytics",
            f"grant DELETE, INSERT, SELECT, UPDATE {table} to application",
        ]
    }


def test_rights_that_others_gave_to_others_are_left_alone(statements, as_asked):
    table = as_asked["world"]["relations"][0]
    table["acl"]["auditor"] = ["DELETE", "SELECT", "TRUNCATE"]
    as_asked["world"]["schemas"]["world"]["acl"]["auditor"] = ["USAGE"]
    as_asked["postgres"]["roles"]["auditor"]["powers"] = True
    as_asked["postgres"]["databases"]["elsewhere"]["acl"] = {"public": ["CONNECT", "CREATE"]}
    assert statements(as_asked) == {}
