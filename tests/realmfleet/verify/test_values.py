"""A value in force against the one asked, in whatever unit upstream shows it."""

import pytest

from realmfleet.verify.values import pgbouncer_same, postgres_same, redis_same


@pytest.mark.parametrize(
    ("asked", "found", "unit", "kind", "same"),
    [
        ("800MB", "102400", "8kB", "integer", True),
        ("801MB", "102400", "8kB", "integer", False),
        ("1GB", "64", "16MB", "integer", True),
        ("15min", "900", "s", "integer", True),
        ("250ms", "250", "ms", "integer", True),
        ("60s", "60000", "ms", "integer", True),
        ("4MB", "4096", "kB", "integer", True),
        ("2048", "2048", "B", "integer", True),
        ("100", "200", "", "integer", False),
        ("-1", "-1", "kB", "integer", True),
        # 1500 us are 1.5 ms: PostgreSQL rounds to whole milliseconds.
        ("1500us", "2", "ms", "integer", True),
        ("2.0", "2", "", "real", True),
        ("1.1", "1.1", "", "real", True),
        ("1.1", "4", "", "real", False),
        ("off", "off", "", "bool", True),
        ("no", "off", "", "bool", True),
        ("off", "on", "", "bool", False),
        ("ON", "on", "", "enum", True),
        ("lz4", "pglz", "", "enum", False),
        ("%m [%p] ", "%m [%p] ", "", "string", True),
        ("%m [%p] ", "%m [%p]", "", "string", False),
        # An amount of time is none of memory.
        ("4MB", "4096", "ms", "integer", False),
        ("soon", "4096", "ms", "integer", False),
    ],
)
def test_postgres(asked, found, unit, kind, same):
    try:
        assert postgres_same(asked, found, unit, kind) is same
    except ValueError:
        pytest.fail("a value that cannot be compared is a different one, no exception")


@pytest.mark.parametrize(
    ("asked", "found", "same"),
    [
        ("75mb", "78643200", True),
        ("75mb", "0", False),
        ("5%", "5%", True),
        ('""', "", True),
        ("900 1 300 10 60 10000", "900 1 300 10 60 10000", True),
        (
            "normal 0 0 0 replica 8mb 4mb 60 pubsub 32mb 8mb 60",
            "normal 0 0 0 slave 8388608 4194304 60 pubsub 33554432 8388608 60",
            True,
        ),
        ("allkeys-lru", "noeviction", False),
        ("127.0.0.1 -10.77.0.2", "127.0.0.1 -10.77.0.2", True),
    ],
)
def test_redis(asked, found, same):
    assert redis_same(asked, found) is same


@pytest.mark.parametrize(
    ("asked", "found", "same"),
    [
        ("transaction", "transaction", True),
        ("transaction", "session", False),
        ("on", "1", True),
        ("off", "1", False),
        ("120", "7", False),
        ("0770", "504", True),
        ("0770", "511", False),
    ],
)
def test_pgbouncer(asked, found, same):
    assert pgbouncer_same(asked, found) is same
