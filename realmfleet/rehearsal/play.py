"""A rehearsal from its first droplet to the last: up, what stands, down."""

import json
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address

import docker
from docker.errors import NotFound

from realmfleet.fleet import Droplet, Fleet, FleetError, Mistake, nearest
from realmfleet.inventory import fleet_names, read_fleet, read_hosts
from realmfleet.rehearsal import cache, droplets, engine, image, keys, network, overlay
from realmfleet.rehearsal.access import Access
from realmfleet.rehearsal.errors import RehearsalError
from realmfleet.rehearsal.stage import Stage
from realmfleet.rehearsal.steps import Step
from realmfleet.secrets.store import ensure_rehearsal

# More at once only makes each of them boot later.
PARALLEL = 8
ARGUMENTS = "arguments.json"


@dataclass(frozen=True)
class Rehearsal:
    """A rehearsal that stands: the engine it stands on, its fleet, and its droplets' addresses."""

    client: docker.DockerClient
    stage: Stage
    fleet: Fleet
    addresses: Mapping[str, IPv4Address]

    @property
    def arguments(self) -> list[str]:
        """What plain pyinfra needs to reach these droplets instead of the inventory's."""
        return arguments(self.stage)


def up(stage: Stage, step: Step) -> Rehearsal:
    """Bring up what the inventory says; what stands already is left alone."""
    with step("Read the inventory"):
        fleet = read_fleet(stage.fleet, root=stage.root)
    client = engine.ready(step)
    name = image.ensure(client, step)
    _drop_strangers(client, stage, fleet)
    subnet = network.ensure(client, stage)
    standing = droplets.containers(client, stage)
    held = {name: droplets.address(container) for name, container in standing.items()}
    addresses = network.allocate(subnet, [d.name for d in fleet.droplets], held)
    access = _make_state(stage, fleet, addresses)
    count = f"{len(fleet.droplets)} droplet{'s' if len(fleet.droplets) > 1 else ''}"
    with step(f"Boot {count}"), ThreadPoolExecutor(PARALLEL) as pool:
        jobs = [
            pool.submit(droplets.ensure, client, stage, d, addresses[d.name], name, access[d.name])
            for d in fleet.droplets
        ]
        for job in jobs:
            job.result()
    with step("Make the rehearsal's own secrets"):
        rehearsed = read_fleet(stage.fleet, arguments(stage), stage.root)
        ensure_rehearsal(stage.dir, rehearsed)
    return Rehearsal(client, stage, rehearsed, addresses)


def find(stage: Stage) -> Rehearsal:
    """The rehearsal that stands; RehearsalError with the next step where none does."""
    again = f"realmfleet rehearse up {stage.fleet}"
    fleet = read_fleet(stage.fleet, arguments(stage), stage.root)
    client = engine.connect()
    if client is None:
        raise RehearsalError(f"No Docker engine answers. Start it again with: {again}")
    standing = droplets.containers(client, stage)
    for droplet in fleet.droplets:
        found = standing.get(droplet.name)
        if found is None or found.status != "running":
            state = "is missing" if found is None else f"is {found.status}"
            raise RehearsalError(f"{droplet.name} {state}. Bring it back with: {again}")
    addresses = {name: droplets.address(container) for name, container in standing.items()}
    return Rehearsal(client, stage, fleet, addresses)


def arguments(stage: Stage) -> list[str]:
    """The same, for a stage that is up; RehearsalError where it is not."""
    try:
        found: list[str] = json.loads((stage.dir / ARGUMENTS).read_text())
    except FileNotFoundError:
        # A misspelt fleet is told apart from one that is not up.
        read_hosts(stage.fleet, root=stage.root)
        raise RehearsalError(
            f"{stage.fleet} is not rehearsed yet. Run: realmfleet rehearse up {stage.fleet}"
        ) from None
    return found


def check_known(stage: Stage) -> None:
    """FleetError where neither an inventory nor a rehearsal has this name.

    A rehearsal can be taken down also when its inventory is broken or gone.
    """
    if not stage.dir.exists() and stage.fleet not in fleet_names(stage.root):
        read_hosts(stage.fleet, root=stage.root)


def only(fleet: Fleet, name: str | None) -> Droplet:
    """The droplet that is meant, or the fleet's only one; FleetError where that is not clear."""
    names = [droplet.name for droplet in fleet.droplets]
    if name is None and len(names) == 1:
        return fleet.droplets[0]
    if name is None:
        what, mend = f"it has {len(names)} droplets", f"Name one: {', '.join(names)}."
        raise FleetError([Mistake(fleet.name, what, mend)])
    if name not in names:
        raise FleetError([Mistake(fleet.name, f"no droplet {name!r}", nearest(name, names))])
    return fleet.droplet(name)


def keep_packages(rehearsal: Rehearsal) -> None:
    """Let the next droplet find what these have downloaded."""
    for name, container in droplets.containers(rehearsal.client, rehearsal.stage).items():
        if container.status == "running":
            cache.collect(container, rehearsal.stage.container(name))


def down(stage: Stage, step: Step, *, everything: bool = False) -> None:
    """Remove droplets, network and state; with `everything` also packages and the image."""
    client = engine.connect()
    if client is not None:
        with step(f"Remove the droplets of {stage.fleet}"):
            _remove(client, stage, everything=everything)
    shutil.rmtree(stage.dir, ignore_errors=True)


def _remove(client: docker.DockerClient, stage: Stage, *, everything: bool) -> None:
    standing = droplets.containers(client, stage)
    for name, container in standing.items():
        if container.status == "running":
            cache.collect(container, stage.container(name))
    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(lambda found: found.remove(force=True, v=True), standing.values()))
    for found in client.networks.list(filters=stage.label_filter):
        found.remove()
    if everything:
        with suppress(NotFound):
            client.volumes.get(stage.apt_volume).remove()
        image.remove(client)


def _drop_strangers(client: docker.DockerClient, stage: Stage, fleet: Fleet) -> None:
    """Remove droplets that left the inventory, and all where their keys are lost."""
    names = {droplet.name for droplet in fleet.droplets}
    lost = not (stage.dir / overlay.KEY).exists()
    for name, container in droplets.containers(client, stage).items():
        if lost or name not in names:
            container.remove(force=True, v=True)


def _make_state(
    stage: Stage, fleet: Fleet, addresses: Mapping[str, IPv4Address]
) -> dict[str, Access]:
    """Write keys, ssh_config and overlay; what lets us into each droplet."""
    for folder in (stage.dir, stage.dir / "host_keys", stage.dir / "group_data"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    own = keys.ensure(stage.dir / overlay.KEY)
    access = {}
    for droplet in fleet.droplets:
        path = stage.dir / "host_keys" / droplet.name
        public = keys.ensure(path)
        access[droplet.name] = Access(own, path.read_text(), public)
    hosts = read_hosts(fleet.name, root=stage.root)
    hostnames = {host["name"]: host["data"].get("ssh_hostname") for host in hosts}
    public_keys = {name: found.host_key_public for name, found in access.items()}
    texts = {
        "known_hosts": overlay.known_hosts_text(addresses, public_keys),
        "ssh_config": overlay.ssh_config_text(stage.dir, addresses, hostnames),
        "group_data/all.py": overlay.overlay_text(stage, addresses),
        ARGUMENTS: json.dumps(overlay.arguments(stage, hosts, addresses)),
    }
    for name, text in texts.items():
        (stage.dir / name).write_text(text)
    return access
