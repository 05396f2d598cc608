"""Firewall, as it is live: the table in the kernel, and what a stranger sees of the droplet."""

from collections.abc import Iterator, Mapping
from functools import partial

import roles
from realmfleet.facts.firewall import EDITED, STAMP, TABLE, Firewall
from realmfleet.fleet import Droplet, Fleet
from realmfleet.units import Unit
from realmfleet.verify.model import Check, Verdict
from realmfleet.verify.ports import ports_check
from realmfleet.verify.units import hardening
from roles.firewall import files
from roles.firewall.settings import egress

# The table as it is loaded, in hooks and policies: "hook input priority filter; policy drop;".
POLICIES = (
    f"nft -s list table {TABLE} 2>/dev/null | sed -n 's/.*hook \\([a-z]*\\) .*policy \\([a-z]*\\).*"
    "/policy \\1 \\2/p'"
)
ON_TRIAL = "systemctl is-active -q realmfleet-firewall-rollback.timer && echo on trial; true"


def units(_droplet: Droplet) -> tuple[Unit, ...]:
    """None that stays: the rules are loaded at boot and remain in the kernel."""
    return ()


def checks(fleet: Fleet, droplet: Droplet, _secrets: Mapping[str, str]) -> Iterator[Check]:
    """The rules inside, and their effect outside."""
    rules = files.rules(fleet, droplet)
    # Policies first: the fact's own line is the last.
    question = f"{POLICIES}; {ON_TRIAL}; {Firewall().command(files.UNIT, rules.path)}"
    policies = {"input": "drop", "forward": "drop", "output": "accept"}
    if egress(fleet, droplet) is not None:
        policies["output"] = "drop"
    yield Check("firewall", "rules", question, partial(judge_rules, policies, rules.sha256))
    yield hardening("firewall", [files.UNIT])
    yield ports_check(fleet, droplet, roles.names())


def judge_rules(policies: Mapping[str, str], digest: str, answer: str) -> Verdict:
    """What is loaded is what was confirmed, what was confirmed is what is declared."""
    *lines, hashes = answer.splitlines()
    state = Firewall().process([hashes])
    told = [line.split() for line in lines if line.startswith("policy ")]
    found = {hook: policy for _, hook, policy in told}
    look = f"nft list table {TABLE}"
    faults = [
        f"the policy of {hook} is {found.get(hook, 'missing')}, asked {policy}: {look}"
        for hook, policy in policies.items()
        if found.get(hook) != policy
    ]
    if state.loaded != state.expected:
        faults.append(f"the rules in the kernel are not those that were confirmed: {look}")
    if state.confirmed == EDITED:
        faults.append("the next boot would load rules edited by hand: deploy again")
    elif state.confirmed != digest:
        faults.append(f"the rules confirmed are not those declared ({STAMP}): deploy again")
    if not state.enabled:
        faults.append(f"nothing would load the rules at boot: systemctl enable {files.UNIT}")
    if "on trial" in lines:
        faults.append("rules are on trial and would go by themselves: deploy again")
    said = ", ".join(f"{hook} {policy}" for hook, policy in policies.items())
    return Verdict(f"the kernel's rules are the declared ones ({said})", tuple(faults))
