"""What runs where, in which order, and that nobody crosses a barrier alone."""

import json
import re

import pytest

BASE, DATA, EXPORTERS = "deploys/base.py | ", "deploys/data.py | ", "deploys/exporters.py | "
GAME, MONITORING, EDGE = "deploys/game.py | ", "deploys/monitoring.py | ", "deploys/edge.py | "
INSTALL = "Install the packages"
FIREWALL = f"{BASE}Load the firewall's rules"
STAGES = ("data", "game", "edge", "exporters", "monitoring", "done")
BARRIERS = tuple(f"Stage: {stage}" for stage in STAGES)
ZONES = f"{GAME}Stage: zones"
# A row of pyinfra's results: operation, hosts, succeeded, failed, nothing to do.
ROW = re.compile(r"^    (\S.*?) +(\d+|-) +(\d+|-) +(\d+|-) +(\d+|-) *$", re.MULTILINE)
STARTED = re.compile(r"^--> Starting operation: (.*?) *$", re.MULTILINE)

# What a database answers that has just been made: converging has everything to do.
EMPTY = {"roles": {}, "databases": {}, "extensions": [], "schemas": {}, "relations": []}
ANSWERS = {"db-1": {"aclexplode": f"postgres {json.dumps(EMPTY | {'defaults': []})}"}}
TARGETS = {
    f"{DATA}Make PostgreSQL's cluster": "postgres",
    f"{DATA}Write PostgreSQL's configuration": "postgres",
    f"{DATA}Run PostgreSQL": "postgres",
    f"{DATA}Set PostgreSQL's roles, databases and grants": "postgres",
    f"{DATA}Write PgBouncer's configuration": "pgbouncer",
    f"{DATA}Run PgBouncer": "pgbouncer",
    f"{DATA}Write Redis's configuration": "redis",
    f"{DATA}Run Redis": "redis",
    f"{GAME}Write the API's configuration": "api",
    f"{GAME}Roll out the API": "api",
    f"{GAME}Write the zones' configuration": "zone",
    f"{GAME}Roll out the zones": "zone",
    f"{EDGE}Write HAProxy's configuration": "haproxy",
    f"{EDGE}Run HAProxy": "haproxy",
    f"{MONITORING}Write Alertmanager's configuration": "alertmanager",
    f"{MONITORING}Run Alertmanager": "alertmanager",
    f"{MONITORING}Write Prometheus's configuration": "prometheus",
    f"{MONITORING}Run Prometheus": "prometheus",
}


@pytest.fixture(scope="module")
def ahead(fleet):
    """(operation, droplets) of a look ahead at a fleet on which nothing was deployed yet."""
    return fleet.run("--dry", "--json").plan


def position(names, name):
    assert names.count(name) == 1, name
    return names.index(name)


def test_every_operation_meets_the_droplets_that_need_it(fleet, ahead):
    targets = dict(ahead)
    for operation, service in TARGETS.items():
        assert targets[operation] == set(fleet.carrying(service)), operation
    everybody = set(fleet.droplets)
    for operation in (f"{BASE}{INSTALL}", f"{BASE}Write the base configuration", FIREWALL):
        assert targets[operation] == everybody
    assert targets[f"{EXPORTERS}Run the exporters"] == everybody


def test_layers_follow_each_other_with_a_barrier_between(ahead):
    names = [name for name, _ in ahead]
    data, game, edge, exporters, monitoring, done = (position(names, b) for b in BARRIERS)
    assert done == len(names) - 1
    layers = {BASE: names[:data], DATA: names[data + 1 : game]}
    layers[GAME] = names[game + 1 : edge]
    layers[EDGE] = names[edge + 1 : exporters]
    layers[EXPORTERS] = names[exporters + 1 : monitoring]
    layers[MONITORING] = names[monitoring + 1 : done]
    for layer, inside in layers.items():
        assert inside
        assert all(name.startswith(layer) for name in inside), layer


def test_packages_come_first_and_the_firewall_before_any_data_service(ahead):
    names = [name for name, _ in ahead]
    for layer in (BASE, DATA, GAME, EDGE, EXPORTERS, MONITORING):
        first = [name for name in names if name.startswith(layer)][:2]
        assert first == [f"{layer}Prepare the packages", f"{layer}{INSTALL}"]
    assert position(names, FIREWALL) < min(position(names, name) for name in TARGETS)


def test_each_service_is_configured_before_it_runs(ahead):
    names = [name for name, _ in ahead]
    chains = (
        [name for name in TARGETS if "PostgreSQL" in name],
        [f"{DATA}Run PostgreSQL", f"{DATA}Write PgBouncer's configuration", f"{DATA}Run PgBouncer"],
        [f"{DATA}Write Redis's configuration", f"{DATA}Run Redis"],
        [f"{GAME}Write the API's configuration", f"{GAME}Roll out the API", ZONES],
        [ZONES, f"{GAME}Write the zones' configuration", f"{GAME}Roll out the zones"],
        [f"{EDGE}Write HAProxy's configuration", f"{EDGE}Run HAProxy"],
        [f"{EXPORTERS}Write the exporters' units", f"{EXPORTERS}Run the exporters"],
        [f"{MONITORING}Write Prometheus's configuration", f"{MONITORING}Run Prometheus"],
    )
    for chain in chains:
        places = [position(names, name) for name in chain]
        assert places == sorted(places)


def test_no_two_operations_have_one_name(ahead):
    names = [name for name, _ in ahead]
    assert len(names) == len(set(names))


def results(played):
    """Operation -> (hosts, succeeded, failed, nothing to do)."""
    rows = ROW.findall(played.told.partition("--> Results:")[2])
    return {name: tuple(0 if n == "-" else int(n) for n in counts) for name, *counts in rows}


def started(played):
    return STARTED.findall(played.told)


def succeeded(played, operation):
    """The droplets on which it did; a run that stops shows no results."""
    section = played.told.partition(f"operation: {operation} ")[2].partition("-->")[0]
    return set(re.findall(r"\[@fake/(\S+)\] +Success", section))


def test_every_droplet_of_beta_passes_every_barrier(beta):
    played = beta.run("-y", responses=ANSWERS)
    assert played.code == 0, played.told
    assert [name for name in started(played) if name in BARRIERS] == list(BARRIERS)
    counts = results(played)
    for barrier in BARRIERS:
        assert counts[barrier] == (5, 0, 0, 5)
    assert counts[f"{DATA}Run PostgreSQL"][:2] == (1, 1)


def test_a_droplet_that_fails_stops_the_whole_run_at_the_next_barrier(beta):
    lost = {"python3 -I -": {"success": False, "stderr": "E: the archive does not answer"}}
    played = beta.run("-y", responses={"db-1": lost})
    assert played.code == 1
    assert "the barrier is shut" in played.told
    assert "E: the archive does not answer" in played.told
    assert "Traceback" not in played.told
    # The others went on to the barrier, and nobody passed it.
    assert succeeded(played, FIREWALL) == {"zone-1", "zone-2", "api-1", "cache-1"}
    assert not [name for name in started(played) if name.startswith((DATA, EDGE, EXPORTERS))]


def test_a_cache_that_fails_keeps_every_droplet_from_the_next_layer(beta):
    # Only Redis is started with this word.
    lost = {"systemctl start redis-server@session": {"success": False, "stderr": "no memory"}}
    played = beta.run("-y", responses=ANSWERS | {"cache-1": lost})
    assert played.code == 1
    assert "the barrier is shut" in played.told
    assert "no memory" in played.told
    assert succeeded(played, f"{DATA}Run PgBouncer") == {"db-1"}
    assert not [name for name in started(played) if name.startswith((EDGE, EXPORTERS))]


def test_a_limited_run_leaves_the_others_alone(beta):
    played = beta.run("-y", "--limit", "@fake/cache-1")
    assert played.code == 0, played.told
    counts = results(played)
    assert {counts[barrier] for barrier in BARRIERS} == {(1, 0, 0, 1)}
    assert counts[f"{DATA}Run Redis"][:2] == (1, 1)
    assert f"{DATA}Run PostgreSQL" not in counts


@pytest.mark.parametrize("layer", ["base", "data", "game", "edge", "exporters", "monitoring"])
def test_every_layer_also_runs_alone(beta, layer):
    played = beta.run("--dry", "--json", deploy=f"deploys/{layer}.py")
    assert len(played.plan) >= 4
