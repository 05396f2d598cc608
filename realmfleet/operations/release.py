"""The one operation that brings the studio's builds onto a droplet, and back where they fail."""

import shlex
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from pyinfra import host
from pyinfra.api import FileUploadCommand, StringCommand, operation

from realmfleet.artifacts.fetch import ArtifactError, Fetched, fetch
from realmfleet.artifacts.rollout import Rollout, leaving, root
from realmfleet.facts.release import Release, ReleaseState
from realmfleet.facts.units import Machine, Units, UnitState
from realmfleet.operations.remote import run


@operation()
def release(
    source: str,
    artifact: Mapping[str, Any],
    rollout: Rollout,
    engine: str = "",
    redact: Sequence[str] = (),
) -> Generator[StringCommand | FileUploadCommand, None, None]:
    """Run this artifact: uploaded once, tried beside the running release, then switched to.

    Restarts that a changed configuration owes are done here as well, through the same gates.

    + source: where the artifact is named, for messages
    + artifact: the inventory's entry
    + rollout: the service's units, its candidate, and when they are ready
    + engine: what runs a .pck
    + redact: values that a failing process may have logged, and the message must not show
    """
    try:
        fetched = fetch(source, artifact)
    except ArtifactError as error:
        # A command that fails, and not an exception: pyinfra shows a traceback for those.
        yield StringCommand(f"echo {shlex.quote(str(error))} >&2; exit 1")
        return
    name = fetched.release
    found = host.get_fact(Release, root=rollout.root, release=name, pattern=rollout.pattern)
    machine = host.get_fact(Units, units=[*rollout.names, rollout.candidate.unit.name])
    leave = sorted(found.units - {*rollout.names} - {rollout.candidate.unit.name})
    if _as_asked(found, machine, rollout, name) and not leave:
        host.noop(f"{name} serves")
        return
    if not found.whole:
        yield from _install(fetched, rollout.service, engine)
    payload = {**rollout.as_payload(), "release": name, "redact": list(redact)}
    payload["leave"] = [leaving(rollout.service, unit) for unit in leave]
    yield run("switch_release", payload, "watch_process")


def _as_asked(found: ReleaseState, machine: Machine, rollout: Rollout, name: str) -> bool:
    candidate = machine.units.get(rollout.candidate.unit.name, UnitState())
    running = (machine.units.get(unit, UnitState()) for unit in rollout.names)
    calm = all(
        state.active and state.enabled and not state.needs_daemon_reload and not state.owes
        for state in running
    )
    serves = found.whole and found.current == found.verified == name
    return serves and calm and not candidate.active


@operation()
def program(
    source: str, artifact: Mapping[str, Any], service: str, engine: str = ""
) -> Generator[StringCommand | FileUploadCommand, None, None]:
    """Have this artifact lie ready to be started by hand; no unit runs it.

    + source: where the artifact is named, for messages
    + artifact: the inventory's entry
    + service: the folder below /opt
    + engine: what runs a .pck
    """
    try:
        fetched = fetch(source, artifact)
    except ArtifactError as error:
        yield StringCommand(f"echo {shlex.quote(str(error))} >&2; exit 1")
        return
    home, name = root(service), fetched.release
    found = host.get_fact(Release, root=home, release=name, pattern=f"{service}.none")
    if found.whole and found.current == name:
        host.noop(f"{name} lies ready")
        return
    if not found.whole:
        yield from _install(fetched, service, engine)
    others = f"find {home}/releases -mindepth 1 -maxdepth 1 ! -name {name} -exec rm -rf {{}} +"
    switch = f"ln -sfn releases/{name} {home}/.next && mv -T {home}/.next {home}/current"
    yield StringCommand(f"{switch} && {others}")


def _install(
    fetched: Fetched, service: str, engine: str
) -> Generator[StringCommand | FileUploadCommand, None, None]:
    home = root(service)
    upload = f"{home}/upload/{fetched.sha256}"
    yield FileUploadCommand(str(fetched.file), upload)
    payload = {
        "root": home,
        "release": fetched.release,
        "version": fetched.version,
        "upload": upload,
        "name": f"{service}{'.pck' if fetched.kind == 'pck' else ''}",
        "sha256": fetched.sha256,
        "kind": fetched.kind,
        "command": fetched.command,
        "engine": engine,
    }
    yield run("install_release", payload)
