"""Base, as it is live: units, kernel, packages, operators, and who may log in how."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import roles
from realmfleet.facts.kernel import Kernel, KernelState
from realmfleet.facts.operators import Operators
from realmfleet.facts.packages import Packages
from realmfleet.fleet import Droplet, Fleet
from realmfleet.operations.kernel import sysctl_path
from realmfleet.units import Unit
from realmfleet.verify.model import Check, Verdict
from realmfleet.verify.units import unit_checks
from roles.base import files, settings
from roles.base.deploy import THP

# A login without key or password fails, and sshd says in its refusal what it would have taken.
SSH = (
    "ssh -F none -o BatchMode=yes -o PreferredAuthentications=none -o LogLevel=ERROR "
    "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@127.0.0.1 true 2>&1"
)


def units(_droplet: Droplet) -> tuple[Unit, ...]:
    """The vendor's, with our configuration."""
    return files.UNITS


def checks(fleet: Fleet, droplet: Droplet, _secrets: Mapping[str, str]) -> Iterator[Check]:
    """Everything that concerns the droplet itself."""
    yield from unit_checks("base", files.UNITS, ours=False)
    failed = "systemctl --failed --no-legend --plain; echo asked"
    yield Check("base", "failed units", failed, judge_failed)
    values = {sysctl_path(s.name): s.text for s in settings.sysctl(fleet, droplet).values()}
    values[THP] = settings.thp(droplet).text
    judge = partial(judge_kernel, values, settings.swap_mb(droplet))
    yield Check("base", "kernel", str(Kernel().command(list(values))), judge)
    yield _packages(droplet)
    wanted = droplet.data.get("base_operators", {})
    ask = str(Operators().command())
    yield Check("base", "operators", f"{ask}; echo asked", partial(judge_operators, wanted))
    yield Check("base", "SSH", SSH, judge_ssh)


def judge_failed(answer: str) -> Verdict:
    """Nothing on the droplet has failed, whosever it is."""
    *failed, asked = answer.splitlines()
    if asked != "asked":
        raise ValueError(asked)
    faults = [
        f"{name} has failed: journalctl -u {name}" for name in (line.split()[0] for line in failed)
    ]
    return Verdict("no unit has failed", tuple(faults))


def judge_kernel(values: Mapping[str, str], swap_mb: int, answer: str) -> Verdict:
    """Values in force; in a container only the network's own are the droplet's."""
    found = Kernel().process(answer.splitlines())
    if not found.values:
        raise ValueError("no value")
    away = [path for path in values if not _ours(found, path)]
    faults = [
        f"{_key(path)} is {found.values.get(path, 'missing')}, asked {value}: deploy again"
        for path, value in values.items()
        if path not in away and not found.in_force(path, value)
    ]
    if swap_mb and not found.swap_mb and not found.container:
        faults.append(f"no swap, asked {swap_mb} MB: swapon --show, deploy again")
    names = ", ".join([*map(_key, away), *(["swap"] if found.container else [])])
    skipped = f"these belong to the machine, not to a container: {names}" if names else ""
    return Verdict(f"{len(values) - len(away)} kernel settings in force", tuple(faults), skipped)


def judge_packages(names: Sequence[str], hold: Sequence[str], answer: str) -> Verdict:
    """Installed whole, and held where an upgrade must be an operator's."""
    found = Packages().process(answer.splitlines())
    faults = [f"{name} is not installed: deploy again" for name in set(names) - found.installed]
    faults += [
        f"{name} is not held, the next upgrade would move it: apt-mark hold {name}"
        for name in sorted(set(hold) - found.held)
    ]
    if not found.whole:
        faults.append("dpkg was interrupted: dpkg --configure -a")
    said = f"{len(names)} packages installed, held: {', '.join(hold) or 'none'}"
    return Verdict(said, tuple(sorted(faults)))


def judge_operators(wanted: Mapping[str, Sequence[str]], answer: str) -> Verdict:
    """Exactly these accounts with exactly these keys."""
    *lines, asked = answer.splitlines()
    if asked != "asked":
        raise ValueError(asked)
    found = Operators().process(lines)
    faults = [
        f"operator {name}: keys are not as asked: deploy again"
        for name in sorted({*found, *wanted})
        if found.get(name, []) != list(wanted.get(name, [])) or name not in wanted
    ]
    return Verdict(f"{len(wanted)} operators, nobody else", tuple(faults))


def judge_ssh(answer: str) -> Verdict:
    """sshd offers keys and nothing else."""
    _, opened, rest = answer.rpartition("Permission denied (")
    if not opened:
        raise ValueError(answer)
    offered = rest.partition(")")[0].split(",")
    wrong = [method for method in offered if method != "publickey"]
    faults = [f"sshd also takes {method}, asked are keys only: sshd -T" for method in wrong]
    return Verdict("sshd takes keys and nothing else", tuple(faults))


def _packages(droplet: Droplet) -> Check:
    carried = [name for name in droplet.services if name in roles.names()]
    names = [package for name in carried for package in roles.packages(name, carried)]
    hold = [package for name in carried for package in roles.held(name)]
    question = str(Packages().command(names))
    return Check("base", "packages", question, partial(judge_packages, names, hold))


def _ours(found: KernelState, path: str) -> bool:
    if not found.container:
        return True
    return path.startswith("/proc/sys/net/") and path not in found.fixed


def _key(path: str) -> str:
    """As sysctl names it; what lies in /sys by its folder."""
    if path.startswith("/proc/sys/"):
        return path.removeprefix("/proc/sys/").replace("/", ".")
    return path.split("/")[-2]
