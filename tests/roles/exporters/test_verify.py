"""Exporters: what they answer, judged."""

import pytest

from roles.exporters.verify import judge_metrics


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("pg_up 1\n", ""),
        ('pg_up{version="17"} 1\n', ""),
        ("pg_up 0\n", "postgres says pg_up 0"),
        ("nobody listens on 9187\n", "postgres does not answer (nobody listens on 9187)"),
        ("", "postgres does not answer (nothing)"),
        # Another metric whose name begins in the same way.
        ("pg_uptime 1\n", "postgres does not answer"),
    ],
)
def test_metrics(answer, fault):
    found = judge_metrics("postgres", "pg_up", answer).faults
    assert "".join(found).startswith(fault)
    assert bool(found) is bool(fault)
