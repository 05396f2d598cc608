"""New firewall rules go live on trial: only a fresh SSH connection through them keeps them."""

from pyinfra import host
from pyinfra.api import StringCommand, operation
from pyinfra.api.exceptions import ConnectError
from pyinfra.connectors.ssh import SSHConnector

from realmfleet.facts.firewall import LIVE_HASH, STAMP, Firewall, FirewallState
from realmfleet.files import File
from realmfleet.operations import Commands
from realmfleet.operations.remote import run

# Longer than pyinfra's connect timeout of 10 s, so that the verdict always comes first.
ROLLBACK_AFTER_S = 30


@operation()
def firewall(rules: File, unit: str, rollback: str) -> Commands:
    """Load these rules and keep them if SSH still answers; else they go by themselves.

    + rules: the whole rule set, a file for nft
    + unit: the unit that loads it at boot
    + rollback: the program on the droplet that loads the former rules
    """
    found = host.get_fact(Firewall, unit=unit, rules=rules.path)
    if _in_force(found, rules):
        host.noop("the rules in force are as asked")
        return
    payload = {"path": rules.path, "content": rules.content, "rollback": rollback}
    yield run("try_firewall", payload | {"seconds": ROLLBACK_AFTER_S})
    if _answers():
        yield _confirm(rules, unit)
    else:
        yield StringCommand(
            f"echo 'The new rules shut SSH out; the former ones return within "
            f"{ROLLBACK_AFTER_S} s. Mend firewall_ssh_from.' >&2; exit 1"
        )


def _in_force(found: FirewallState, rules: File) -> bool:
    return (found.confirmed, found.expected) == (rules.sha256, found.loaded) and found.enabled


def _answers() -> bool:
    """Whether a new connection gets through: the one we have would survive any rules."""
    if not isinstance(host.connector, SSHConnector):
        return True
    probe = SSHConnector(host.state, host)
    try:
        probe.connect()
    except ConnectError:
        return False
    if probe.client is not None:
        probe.client.close()
    return True


def _confirm(rules: File, unit: str) -> StringCommand:
    return StringCommand(
        f"systemctl stop realmfleet-firewall-rollback.timer && "
        f"mv {rules.path}.candidate {rules.path} && mkdir -p /var/lib/realmfleet && "
        f"systemctl daemon-reload && systemctl enable {unit} && "
        f'echo "{rules.sha256} $({LIVE_HASH})" > {STAMP}'
    )
