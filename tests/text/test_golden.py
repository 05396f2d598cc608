"""The text that lands on a droplet, byte for byte, for each size and service.

After a wanted change: .venv/bin/pytest tests/text --update-golden && git diff tests/text/golden
"""

import shutil
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

import pytest

import roles
from realmfleet.files import File
from realmfleet.fleet.services import SERVICES
from realmfleet.fleet.sizes import SIZES
from realmfleet.inventory import read_fleet
from roles.alertmanager import files as alertmanager
from roles.api import files as api
from roles.base import files as base
from roles.exporters import files as exporters
from roles.firewall import files as firewall
from roles.haproxy import files as haproxy
from roles.pgbouncer import files as pgbouncer
from roles.postgres import files as postgres
from roles.prometheus import files as prometheus
from roles.redis import files as redis
from roles.zone import files as zone

GOLDEN = Path(__file__).parent / "golden"

# Every secret has the same odd length as a real one, and says what it is.
DUMMIES = {
    name: f"dummy-{name}".ljust(43, "x")
    for one in roles.names()
    for name in (*roles.secrets(one), *roles.given(one))
}
# One that can be read: files say when it ends. Nobody has its key.
DUMMIES["haproxy_certificate"] = Path(__file__).with_name("certificate.pem").read_text().strip()


def rendered(fleet, droplet):
    """Every file of ours on a droplet, by role."""
    of = {
        "base": (*base.before_packages(), *base.files(fleet, droplet)),
        "firewall": (*firewall.files(droplet), firewall.rules(fleet, droplet)),
        "exporters": exporters.files(fleet, droplet, DUMMIES),
    }
    if droplet.carries("api"):
        of["api"] = api.files(fleet, droplet, DUMMIES, 30)
    if droplet.carries("zone"):
        of["zone"] = zone.files(fleet, droplet, DUMMIES)
    if droplet.carries("haproxy"):
        of["haproxy"] = haproxy.files(fleet, droplet, DUMMIES)
    if droplet.carries("postgres"):
        of["postgres"] = postgres.files(fleet, droplet)
    if droplet.carries("pgbouncer"):
        of["pgbouncer"] = pgbouncer.files(fleet, droplet, DUMMIES)
    if droplet.carries("redis"):
        of["redis"] = redis.files(fleet, droplet, DUMMIES)
    if droplet.carries("alertmanager"):
        of["alertmanager"] = alertmanager.files(fleet, droplet, DUMMIES)
    if droplet.carries("prometheus"):
        of["prometheus"] = prometheus.files(fleet, droplet, SERVICES)
    return of


def entry(file: File) -> str:
    """A file as it shall lie there: owner, mode and text, so that a diff shows all three."""
    secret = ", never shown in a diff" if file.secret else ""
    end = "" if file.content.endswith("\n") else "\n(no newline at its end)\n"
    head = f"=== {file.path} ({file.owner}:{file.group} {file.mode:04o}{secret})"
    return f"{head}\n{file.content}{end}\n"


# folder -> fleet, droplet, and another size than the inventory's
DROPLETS = {
    "alpha-1": ("alpha", "alpha-1", None),
    "beta-api-1": ("beta", "api-1", None),
    "beta-zone-2": ("beta", "zone-2", None),
    "beta-db-1": ("beta", "db-1", None),
    "beta-db-1-of-8gb": ("beta", "db-1", "s-4vcpu-8gb"),
    "beta-cache-1": ("beta", "cache-1", None),
    "production-sgp-lb-1": ("production", "sgp-lb-1", None),
}


@pytest.fixture(scope="module", params=DROPLETS)
def droplet(request):
    """The golden folder's name and everything that is rendered for it."""
    name, wanted, slug = DROPLETS[request.param]
    fleet = read_fleet(name)
    if slug:
        larger = replace(fleet.droplet(wanted), size=SIZES[slug])
        others = (larger if d.name == wanted else d for d in fleet.droplets)
        fleet = replace(fleet, droplets=tuple(others))
    return request.param, rendered(fleet, fleet.droplet(wanted))


def test_every_text_is_the_golden_one(droplet, update_golden):
    folder, of = droplet
    texts = {f"{role}.txt": "".join(map(entry, files)) for role, files in of.items()}
    if update_golden:
        shutil.rmtree(GOLDEN / folder, ignore_errors=True)
        (GOLDEN / folder).mkdir(parents=True)
        for name, text in texts.items():
            (GOLDEN / folder / name).write_text(text)
    assert sorted(path.name for path in (GOLDEN / folder).iterdir()) == sorted(texts)
    for name, text in texts.items():
        golden = (GOLDEN / folder / name).read_text()
        path = f"tests/text/golden/{folder}/{name}"
        lines = unified_diff(golden.splitlines(), text.splitlines(), path, "rendered", lineterm="")
        assert golden == text, "\n".join(["", *lines, "", __doc__])


def test_no_folder_is_left_of_a_droplet_that_went():
    assert sorted(path.name for path in GOLDEN.iterdir()) == sorted(DROPLETS)


def test_passwords_stand_only_in_files_that_are_never_shown(droplet):
    _, of = droplet
    files = [file for role in of.values() for file in role]
    holding = [file for file in files if any(word in file.content for word in DUMMIES.values())]
    assert all(file.secret and file.mode == 0o600 for file in holding)
    assert all(file.mode & 0o077 == 0 for file in files if file.secret)
    # Verifiers and hashes are as good as passwords to whoever wants to guess.
    assert all(file.secret for file in files if "SCRAM-SHA-256$" in file.content)


def test_each_file_belongs_to_one_role(droplet):
    _, of = droplet
    paths = [file.path for role in of.values() for file in role]
    assert len(paths) == len(set(paths)) > 20


def test_every_file_says_that_it_is_ours(droplet):
    _, of = droplet
    # Lists of files and of users, certificates and addresses have no place for a comment.
    bare = ("/etc/realmfleet/units/", "userlist.txt", ".acl", "certificate.pem", "-url")
    files = [file for role in of.values() for file in role]
    told = [f.path for f in files if "Written by realmfleet" not in f.content[:200]]
    assert [path for path in told if not any(part in path for part in bare)] == []
