"""The kernel's settings, in force now; their files, written by the role, serve the next boot."""

import shlex
from collections.abc import Mapping

from pyinfra import host, logger
from pyinfra.api import StringCommand, operation

from realmfleet.facts.kernel import Kernel, KernelState
from realmfleet.operations import Commands

SWAP_FILE = "/swapfile"


def sysctl_path(key: str) -> str:
    """Where a sysctl key lies below /proc/sys."""
    return "/proc/sys/" + key.replace(".", "/")


@operation()
def kernel(values: Mapping[str, str], swap_mb: int = 0) -> Commands:
    """Put values in force that differ, and make the swap file where there is no swap.

    In a container only the network's own values are the droplet's; the others belong to
    the machine and are left alone, which is said.

    + values: path below /proc/sys or /sys -> value
    + swap_mb: size of the swap file, 0 for none
    """
    found = host.get_fact(Kernel, paths=list(values))
    other = {path: value for path, value in values.items() if not found.in_force(path, value)}
    left = sorted(path for path in other if not _ours(found, path))
    if left:
        names = ", ".join(path.rsplit("/", 1)[-1] for path in left)
        logger.info(f"{host.print_prefix}left alone, they cannot be set here: {names}")
    due = [path for path in other if path not in left]
    for path in due:
        yield StringCommand(f"printf %s {shlex.quote(other[path])} > {shlex.quote(path)}")
    if swap_mb and not found.swap_mb and not found.container:
        yield _make_swap(swap_mb)
    elif not due:
        host.noop("the kernel runs as asked")


def _ours(found: KernelState, path: str) -> bool:
    if path in found.fixed:
        return False
    return not found.container or path.startswith("/proc/sys/net/")


def _make_swap(size_mb: int) -> StringCommand:
    """Made beside, then moved: a run that dies in between leaves no half-made swap file."""
    new = f"{SWAP_FILE}.new"
    return StringCommand(
        f"rm -f {new} && fallocate -l {size_mb}M {new} && chmod 600 {new} && mkswap -q {new} && "
        f"mv {new} {SWAP_FILE} && systemctl daemon-reload && systemctl enable --now swapfile.swap"
    )
