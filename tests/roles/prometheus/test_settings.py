"""Prometheus's flags: within memory and disk, and what nobody may ask for."""

import pytest

from realmfleet.settings import ForbiddenError, WishError
from roles.prometheus.settings import FORBIDDEN, KNOWN, memory_limit_mb, settings


def laid(alpha, **wishes):
    return settings(*alpha(prometheus_settings=wishes))


def test_it_keeps_fifteen_days_on_a_tenth_of_the_disk(alpha):
    found = laid(alpha)
    assert found["storage.tsdb.retention.time"].value == "15d"
    assert found["storage.tsdb.retention.size"].value == "8000MB"


def test_questions_stay_within_a_quarter_of_the_memory(alpha):
    found = laid(alpha)
    cost = found["query.max-samples"].value * 16 * found["query.max-concurrency"].value
    assert cost <= 256_000_000 / 4
    assert memory_limit_mb(alpha()[1]) == 230


def test_it_listens_on_loopback_whatever_is_wished(alpha):
    assert laid(alpha)["web.listen-address"].text == "127.0.0.1:9090"
    with pytest.raises(ForbiddenError):
        laid(alpha, **{"web.listen-address": "0.0.0.0:9090"})


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_would_open_it_is_refused(alpha, name):
    assert name in KNOWN
    with pytest.raises(ForbiddenError):
        laid(alpha, **{name: True})


def test_a_wish_counts_and_a_misspelt_one_is_named(alpha):
    assert (
        laid(alpha, **{"storage.tsdb.retention.time": "30d"})["storage.tsdb.retention.time"].origin
        == "wish"
    )
    with pytest.raises(WishError, match=r"storage\.tsdb\.retention\.time"):
        laid(alpha, **{"storage.tsdb.retention.tim": "30d"})
