"""Firewall: what the kernel holds, judged."""

import pytest

from roles.firewall.verify import judge_rules

POLICIES = {"input": "drop", "forward": "drop", "output": "drop"}


def answer(output="drop", tail="", hashes="declared live live enabled"):
    hooks = f"policy input drop\npolicy forward drop\npolicy output {output}\n"
    return f"{hooks}{tail}{hashes}\n"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (answer(output="accept"), "the policy of output is accept, asked drop"),
        (answer(hashes="edited live live enabled"), "rules edited by hand"),
        (answer(hashes="declared live other enabled"), "not those that were confirmed"),
        (answer(hashes="older live live enabled"), "not those declared"),
        (answer(hashes="declared live live disabled"), "nothing would load the rules at boot"),
        (answer(tail="on trial\n"), "rules are on trial"),
    ],
)
def test_each_fault(said, fault):
    (found,) = judge_rules(POLICIES, "declared", said).faults
    assert fault in found


def test_all_is_well():
    assert judge_rules(POLICIES, "declared", answer()).faults == ()


def test_no_table_at_all():
    found = judge_rules(POLICIES, "declared", "none none 0000 disabled\n").faults
    assert [fault.partition(",")[0] for fault in found][:3] == [
        f"the policy of {hook} is missing" for hook in POLICIES
    ]
