"""The stage barrier: between groups of droplets, order exists only through it."""

import shlex

from pyinfra import host
from pyinfra.api import StringCommand, operation

from realmfleet.operations import Commands
from realmfleet.snapshot.hooks import forget


@operation()
def barrier(stage: str) -> Commands:
    """Every droplet waits here for all others; the run stops when one of them has failed.

    pyinfra drops a failed host and goes on with the rest, which would set up a replica
    of a primary that does not exist. Called on every host, it changes nothing.

    + stage: what begins after it, for the message
    """
    # What the droplets have done to each other since, no answer from before knows.
    forget(host)
    failed = sorted(failed.name for failed in host.state.failed_hosts)
    if not failed:
        host.noop(f"all droplets have reached {stage!r}")
        return
    said = f"Stopped before {stage!r}: {', '.join(failed)} failed. Mend it and run this again."
    # A command that fails, and not an exception: pyinfra shows a traceback for those.
    yield StringCommand(f"echo {shlex.quote(said)} >&2; exit 1")
