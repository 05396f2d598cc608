"""The guard: every mistake of a run at once, non-zero exit, before any droplet is contacted.

pyinfra executes config.py first and exits 0 for much that is wrong; this closes those ways.
"""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import click

import roles
from realmfleet.fleet import Mistake
from realmfleet.fleet.load import examine
from realmfleet.guard.artifacts import check_artifacts
from realmfleet.guard.call import Call, check_data, check_options
from realmfleet.guard.files import check_inventory, check_slips, check_sources
from realmfleet.guard.needs import check_fit, check_real, check_root
from realmfleet.guard.report import refuse
from realmfleet.guard.selection import Hosts, check_selection, selected
from realmfleet.snapshot import hooks

INTERRUPTED = 130


def check(root: Path) -> None:
    """Refuse this run of pyinfra, or return. `root` is the folder of config.py."""
    context = click.get_current_context(silent=True)
    if context is None:
        return
    # pyinfra itself exits 0 on Ctrl-C, as if all had been done.
    signal.signal(signal.SIGINT, _interrupted)
    options = dict(context.params)
    call = Call(options.pop("inventory"), tuple(options.pop("operations")), options)
    if mistakes := [*_mistakes(call, root)]:
        refuse(mistakes)
    if call.command == "deploy":
        hooks.install(root, call.inventory, call.operations)


def _mistakes(call: Call, root: Path) -> Iterator[Mistake]:
    yield from check_options(call)
    if unusable := [*check_data(call), *check_inventory(call)]:
        yield from unusable
        return
    described = Path(call.inventory).exists()
    if described and (unreadable := [*check_sources(call)]):
        yield from unreadable
        return
    # Imported here: it loads pyinfra's command line, which only a run of pyinfra has.
    from realmfleet.guard.built import build

    try:
        hosts = build(call)
    except Exception as error:
        what = f"pyinfra cannot build it: {error}".rstrip(".")
        yield Mistake(call.inventory, what, "Mend the entry that it names.")
        return
    yield from _inside(call, hosts, root) if described else _strangers(call, hosts)


def _strangers(call: Call, hosts: Hosts) -> Iterator[Mistake]:
    """Hosts that no inventory describes: one may ask them things, but not deploy to them."""
    if not hosts:
        what = "neither an inventory nor a host that can be found"
        yield Mistake(call.inventory, what, "Name a file, for example inventories/alpha.py.")
    yield from check_selection(hosts, call.patterns("limit"), call.patterns("exclude"))


def _inside(call: Call, hosts: Hosts, root: Path) -> Iterator[Mistake]:
    """What is wrong with the fleet, and with what this run wants of it."""
    yield from check_slips(call)
    fleet, faults = examine(Path(call.inventory).stem, hosts, roles.defaults())
    yield from faults
    yield from check_fit(fleet, faults)
    limit, exclude = call.patterns("limit"), call.patterns("exclude")
    yield from check_selection(hosts, limit, exclude)
    meant = selected(hosts, limit, exclude)
    yield from check_artifacts(call, fleet, meant, root)
    if call.contacts:
        yield from check_real(fleet, meant)
    if call.command == "deploy":
        # Imported here: only a deploy needs the age library.
        from realmfleet.guard.secrets import check_secrets

        yield from check_root(hosts, meant, sudo=bool(call.options.get("sudo")))
        yield from check_secrets(fleet, root)


def _interrupted(_signum: int, _frame: FrameType | None) -> None:
    print("Interrupted. Run it again: it goes on where this one stopped.", file=sys.stderr)
    raise SystemExit(INTERRUPTED)
