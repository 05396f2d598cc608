"""The exporters' files: where each listens, who may ask, and where a password lies."""

from ipaddress import IPv4Address

import pytest

from realmfleet.fleet import Fleet
from roles.exporters import files

SECRETS = {"pgbouncer_monitor_password": "word-pool", "redis_monitor_password": "word-redis"}


def laid(fleet, droplet):
    return {file.path: file for file in files.files(fleet, droplet, SECRETS)}


@pytest.fixture
def watched(droplet):
    """A cache whose Prometheus lives elsewhere."""
    other = droplet("s-2vcpu-4gb", "prometheus", name="watch", mesh_ip=IPv4Address("10.77.1.9"))
    cache = droplet("s-1vcpu-2gb", "redis", name="cache", mesh_ip=IPv4Address("10.77.1.8"))
    return Fleet("f", (other, cache)), cache


def test_beside_prometheus_they_answer_on_loopback_only(alpha):
    fleet, droplet = alpha()
    text = laid(fleet, droplet)[files.NODE.drop_in].content
    assert "--web.listen-address=127.0.0.1:9100" in text
    assert text.rstrip().endswith("IPAddressAllow=localhost")


def test_elsewhere_they_answer_prometheus_on_the_inner_address(watched):
    found = laid(*watched)
    text = found[files.NODE.drop_in].content
    assert "--web.listen-address=10.77.1.8:9100" in text
    assert text.rstrip().endswith("IPAddressAllow=localhost 10.77.1.9")
    env = found[f"{files.FOLDER}/redis-session.env"].content
    assert "REDIS_EXPORTER_WEB_LISTEN_ADDRESS=10.77.1.8:9121" in env
    assert "REDIS_ADDR=redis://127.0.0.1:6379" in env


def test_passwords_lie_in_environments_that_root_alone_reads(alpha):
    for path, file in laid(*alpha()).items():
        holds = any(word in file.content for word in SECRETS.values())
        assert holds == (path.endswith(".env") and not path.endswith("postgres.env"))
        if holds:
            assert (file.owner, file.mode, file.secret) == ("root", 0o600, True)


def test_what_a_droplet_does_not_carry_has_no_exporter(watched):
    _, cache = watched
    assert [e.name for e in files.exporters(cache)] == ["node"]
    assert not [path for path in laid(*watched) if "postgres" in path or "pgbouncer" in path]


def test_each_unit_watches_what_it_reads(alpha):
    fleet, droplet = alpha()
    own = {p for p in laid(fleet, droplet) if not p.startswith("/etc/realmfleet/units/")}
    running = [unit for unit in files.units(droplet) if unit.running]
    assert {path for unit in running for path in unit.restart} == own
    assert len({unit.ready for unit in running}) == len(running) == 5
