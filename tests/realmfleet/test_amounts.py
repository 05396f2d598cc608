"""Amounts of memory as PostgreSQL and Redis write them."""

import pytest

from realmfleet.amounts import clamp, floor_to, postgres_mb, postgres_text, redis_mb


@pytest.mark.parametrize(
    ("value", "unit_kb", "mb"),
    [("640MB", 8, 640), ("2GB", 8, 2048), (16384, 8, 128), ("4096", 1, 4), ("512kB", 1, 0.5)],
)
def test_postgres_reads(value, unit_kb, mb):
    assert postgres_mb(value, unit_kb) == mb


@pytest.mark.parametrize("value", ["8mb", "lots", True, "", "1 000MB"])
def test_postgres_does_not_read(value):
    with pytest.raises(ValueError, match=r"no unit|no amount"):
        postgres_mb(value, 1)


@pytest.mark.parametrize(
    ("value", "mb"), [("64mb", 64), ("1GB", 1024), (1048576, 1), ("1048576b", 1)]
)
def test_redis_reads(value, mb):
    assert redis_mb(value) == mb


def test_redis_counts_short_units_in_thousands():
    assert redis_mb("1m") == pytest.approx(1_000_000 / 1024**2)
    with pytest.raises(ValueError, match="no unit that Redis knows"):
        redis_mb("1tb")


def test_text_and_limits():
    assert [postgres_text(mb) for mb in (640, 1024, 2048, 2560, 0)] == [
        "640MB",
        "1GB",
        "2GB",
        "2560MB",
        "0MB",
    ]
    assert floor_to(32, 95.9) == 64
    assert [clamp(1, value, 3) for value in (0, 2.5, 9)] == [1, 2, 3]
