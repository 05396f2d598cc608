"""What Prometheus asks: from the declared flows, at the addresses where it is answered."""

import pytest
import yaml

from realmfleet.fleet.services import SERVICES
from realmfleet.inventory import read_fleet
from realmfleet.settings import WishError
from roles.prometheus import files
from roles.prometheus.targets import jobs, targets

ALL = tuple(SERVICES)


def asked(name, deployed=ALL):
    fleet = read_fleet(name)
    (droplet,) = fleet.carrying("prometheus")
    return targets(fleet, droplet, deployed)


def test_alpha_is_asked_on_loopback_alone():
    found = asked("alpha")
    assert {target.address.split(":")[0] for target in found} == {"127.0.0.1"}
    counts = {job: len(group) for job, group in jobs(found).items()}
    assert counts == {
        "prometheus": 1, "haproxy": 1, "api": 1, "zone": 5, "alertmanager": 1, "node": 1,
        "redis": 2, "pgbouncer": 1, "postgres": 1,
    }  # fmt: skip


def test_zones_are_told_apart_by_zone_and_instance():
    zones = jobs(asked("alpha"))["zone"]
    assert [target.address for target in zones] == [f"127.0.0.1:{7000 + i}" for i in range(5)]
    assert zones[0].labels == {
        "droplet": "alpha-1",
        "region": "singapore",
        "service": "zone",
        "instance": "forest-1",
        "zone": "forest",
    }


def test_other_droplets_are_asked_at_their_inner_address():
    found = asked("beta")
    at = {(target.job, target.droplet): target.address for target in found}
    assert at["postgres", "db-1"] == "10.77.1.24:9187"
    assert at["node", "cache-1"] == "10.77.1.25:9100"
    # Operators ask Prometheus itself, and nobody else does.
    assert at["prometheus", "api-1"] == "127.0.0.1:9090"


@pytest.mark.parametrize("name", ["alpha", "beta", "production"])
def test_nothing_is_asked_twice_or_looks_the_same(name):
    found = asked(name)
    assert len({target.address for target in found}) == len(found)
    assert len({(t.job, t.droplet, t.instance) for t in found}) == len(found)
    nodes = [target.droplet for target in found if target.job == "node"]
    assert sorted(nodes) == sorted(droplet.name for droplet in read_fleet(name).droplets)


def test_a_service_without_a_role_is_not_asked():
    found = asked("alpha", ("exporters", "postgres"))
    assert {target.job for target in found} == {"prometheus", "node", "postgres"}


def test_a_game_may_tell_no_metrics(alpha):
    fleet, droplet = alpha(prometheus_without=["zone"])
    assert "zone" not in jobs(targets(fleet, droplet, ALL))
    fleet, droplet = alpha(prometheus_without=["zones"])
    with pytest.raises(WishError, match="'zones' cannot be left out"):
        targets(fleet, droplet, ALL)


def test_the_configuration_is_what_prometheus_reads():
    fleet = read_fleet("production")
    (droplet,) = fleet.carrying("prometheus")
    found = yaml.safe_load(files.configuration(fleet, droplet, ALL))
    assert found["global"]["scrape_interval"] == "15s"
    assert found["global"]["external_labels"] == {"fleet": "production"}
    (zone,) = [job for job in found["scrape_configs"] if job["job_name"] == "zone"]
    assert zone["metric_relabel_configs"] == [
        {"action": "labeldrop", "regex": "exported_(zone|instance)"}
    ]
    count = sum(len(job["static_configs"]) for job in found["scrape_configs"])
    assert count == len(targets(fleet, droplet, ALL))
