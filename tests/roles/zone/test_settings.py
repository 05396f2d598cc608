"""The zones' environment: one identity each, the API of their region, and what is refused."""

import re
from dataclasses import replace

import pytest

from realmfleet.fleet import Fleet
from realmfleet.fleet.flows import ZONE_PORTS
from realmfleet.fleet.game import zone_instances
from realmfleet.inventory import read_fleet
from realmfleet.settings import WishError
from roles.zone import files
from roles.zone.defaults import SECRETS
from roles.zone.settings import MAX_PLAYERS, arguments, candidate_environment, environment, settings

WORDS = {name: f"word-{name}" for name in SECRETS}
PCK = {"path": "zone.pck", "version": "1.0.0"}


def test_an_instance(alpha):
    fleet, droplet = alpha()
    second = zone_instances(droplet)[1]
    assert environment(fleet, droplet, second, WORDS) == {
        "ZONE": "forest",
        "INSTANCE": "forest-2",
        "PORT": "7001",
        "STATUS_LISTEN": "127.0.0.1:7001",
        "PUBLIC_ADDRESS": "203.0.113.1",
        "API_URL": "http://127.0.0.1:8080",
        "ZONE_KEY": "word-api_zone_key",
        "TICKET_KEY": "word-api_ticket_key",
        "MAX_PLAYERS": str(MAX_PLAYERS),
        "REGION": "singapore",
    }


def test_the_candidate_meets_nobody_and_keeps_nothing(alpha):
    fleet, droplet = alpha()
    beside = candidate_environment(fleet, droplet, WORDS, "/run/zone-candidate")
    assert beside["INSTANCE"] == "forest-0"
    assert int(beside["PORT"]) > ZONE_PORTS[1]
    assert beside["STATUS_LISTEN"] == f"127.0.0.1:{beside['PORT']}"
    assert (beside["CANDIDATE"], beside["STATE_DIRECTORY"]) == ("1", "/run/zone-candidate")


def test_on_beta_zones_ask_the_api_over_the_inner_address():
    fleet = read_fleet("beta")
    droplet = fleet.droplet("zone-1")
    told = environment(fleet, droplet, zone_instances(droplet)[0], WORDS)
    assert told["API_URL"] == f"http://{fleet.droplet('api-1').inner_ip}:8080"
    assert told["STATUS_LISTEN"] == f"{droplet.inner_ip}:7000"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"zone_environment": {"PORT": 1}}, "each instance has its own"),
        ({"zone_environment": {"CANDIDATE": 1}}, "each instance has its own"),
        ({"zone_environment": {"ZONE_KEY": "x"}}, "it holds a secret"),
        ({"zone_environment": {"RELEASE": "2"}}, "it is the artifact's version"),
        ({"zone_environment": {"REGION": "mars"}}, "for metrics and the directory"),
        ({"zone_environment": {"pets": 1}}, "cannot name a variable"),
        ({"zone_arguments": ["%n"]}, "'%n' is no plain word"),
        ({"zone_arguments": ["$HOME"]}, "is no plain word"),
        ({"zone_arguments": [""]}, "is no plain word"),
        ({"zone_arguments": [1]}, "is no plain word"),
    ],
)
def test_refused_wishes(alpha, data, says):
    with pytest.raises(WishError, match=re.escape(says)):
        settings(*alpha(**data))


def test_granted_wishes(alpha):
    laid = settings(*alpha(zone_environment={"PETS": "on", "MAX_PLAYERS": 50}))
    assert (laid["PETS"].text, laid["MAX_PLAYERS"].text) == ("on", "50")


def test_more_instances_than_ports_and_a_region_without_an_api(alpha):
    _, droplet = alpha()
    crowd = replace(droplet, zones={"forest": ZONE_PORTS[1] - ZONE_PORTS[0] + 2})
    with pytest.raises(WishError, match="instances, but"):
        settings(Fleet("alpha", (crowd,)), crowd)
    alone = replace(droplet, services=tuple(s for s in droplet.services if s != "api"))
    with pytest.raises(WishError, match="no API in singapore"):
        settings(Fleet("alpha", (alone,)), alone)


def test_only_an_executable_gets_arguments(alpha):
    _, droplet = alpha(zone_artifact=PCK)
    assert arguments(droplet) == ""
    _, droplet = alpha(
        zone_artifact={"path": "zone", "version": "1"}, zone_arguments=["--a", "b c"]
    )
    assert arguments(droplet) == "--a 'b c'"


def test_without_a_status_contract_a_zone_that_lives_is_ready(alpha):
    fleet, droplet = alpha(zone_status_contract=False)
    assert {process.gate.path for process in files.rollout(fleet, droplet).processes} == {""}
    unit = next(f for f in files.files(fleet, droplet, WORDS) if f.path == files.UNIT_FILE)
    assert "ExecStop" not in unit.content
    gates = [process.gate for process in files.rollout(*alpha()).processes]
    assert [gate.port for gate in gates] == [7000, 7001, 7002, 7003, 7004]
    assert {(gate.path, gate.field) for gate in gates} == {("/status", "ready")}


def test_each_instance_restarts_for_its_own_files_alone(alpha):
    _, droplet = alpha()
    own = [set(unit.restart) for unit in files.units(droplet)]
    shared = set.intersection(*own)
    assert shared == {files.UNIT_FILE, "/opt/zone/current/release.env"}
    assert [len(one - shared) for one in own] == [1] * 5


def test_secrets_lie_in_files_that_only_root_reads(alpha):
    laid = files.files(*alpha(), WORDS)
    holding = [file for file in laid if any(word in file.content for word in WORDS.values())]
    assert len(holding) == 6
    assert {(file.mode, file.secret) for file in holding} == {(0o600, True)}
