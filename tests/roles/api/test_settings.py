"""The API's environment: where it listens, whom it asks, and what a studio may add."""

import re
from dataclasses import replace

import pytest

from realmfleet.budget import budget
from realmfleet.fleet import Fleet
from realmfleet.inventory import read_fleet
from realmfleet.settings import WishError
from roles.api import files
from roles.api.defaults import SECRETS
from roles.api.settings import HEAP_PERCENT, secret_environment, settings

WORDS = {name: f"word/{name}" for name in SECRETS}


def text(laid):
    return {setting.name: setting.text for setting in laid.values()}


def test_alpha(alpha):
    fleet, droplet = alpha()
    heap = budget(droplet).tenant("api") * HEAP_PERCENT // 100
    expected = {"LISTEN": "127.0.0.1:8080", "REGION": "singapore", "GOMEMLIMIT": f"{heap}MiB"}
    assert text(settings(fleet, droplet)) == expected


def test_passwords_are_quoted_for_addresses(alpha):
    found = secret_environment(*alpha(), WORDS)
    pool = "postgres://application:word%2Fpostgres_application_password@127.0.0.1:6432"
    cache = "redis://application:word%2Fredis_application_password@127.0.0.1"
    assert found == {
        "CAMPAIGN_DATABASE_URL": f"{pool}/campaign",
        "WORLD_DATABASE_URL": f"{pool}/world",
        "REDIS_SESSION_URL": f"{cache}:6379/0",
        "REDIS_LEADERBOARD_URL": f"{cache}:6380/0",
        "JWT_KEY": "word/api_jwt_key",
        "TICKET_KEY": "word/api_ticket_key",
        "ZONE_KEY": "word/api_zone_key",
    }


def test_on_beta_it_listens_inside_and_asks_the_primaries():
    fleet = read_fleet("beta")
    droplet = fleet.droplet("api-1")
    assert text(settings(fleet, droplet))["LISTEN"] == f"{droplet.inner_ip}:8080"
    found = secret_environment(fleet, droplet, WORDS)
    assert f"@{fleet.primary('postgres').inner_ip}:6432/" in found["CAMPAIGN_DATABASE_URL"]
    assert f"@{fleet.primary('redis').inner_ip}:6379/" in found["REDIS_SESSION_URL"]


def test_with_nobody_to_ask_it_is_refused(alpha):
    _, droplet = alpha()
    alone = replace(droplet, services=tuple(s for s in droplet.services if s != "pgbouncer"))
    with pytest.raises(WishError, match="no pgbouncer to ask"):
        secret_environment(Fleet("alpha", (alone,)), alone, WORDS)


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        ({"JWT_KEY": "x"}, "it holds a secret"),
        ({"CAMPAIGN_DATABASE_URL": "x"}, "it holds a secret"),
        ({"REDIS_SESSION_URL": "x"}, "it holds a secret"),
        ({"RELEASE": "2"}, "it is the artifact's version"),
        ({"LISTEN": "0.0.0.0:80"}, "never public"),
        ({"pets": "1"}, "cannot name a variable"),
        ({"PETS": "a\nb"}, "PETS cannot be"),
    ],
)
def test_refused_wishes(alpha, wishes, says):
    with pytest.raises(WishError, match=re.escape(says)):
        settings(*alpha(api_environment=wishes))


def test_granted_wishes(alpha):
    laid = settings(*alpha(api_environment={"PETS": "on", "GOMEMLIMIT": "64MiB"}))
    assert (laid["PETS"].text, laid["GOMEMLIMIT"].text) == ("on", "64MiB")


@pytest.fixture
def laid(alpha):
    return {file.path: file for file in files.files(*alpha(), WORDS, 30)}


def test_secrets_lie_in_one_file_that_only_root_reads(laid):
    holding = [file for file in laid.values() if any(w in file.content for w in WORDS.values())]
    assert [(file.path, file.mode, file.secret) for file in holding] == [
        (files.ENVIRONMENT, 0o600, True)
    ]


def test_the_candidate_differs_by_where_it_is_and_how_long_it_lives(laid):
    beside = laid[files.CANDIDATE_FILE].content
    assert (
        f"EnvironmentFile={files.ENVIRONMENT}\nEnvironmentFile={files.CANDIDATE_ENVIRONMENT}"
        in beside
    )
    assert "ExecStart=/opt/api/candidate/start" in beside
    assert f"RuntimeMaxSec={30 + files.SPARE_S}" in beside
    assert "[Install]" not in beside
    assert "127.0.0.1:8081" in laid[files.CANDIDATE_ENVIRONMENT].content
    assert files.CANDIDATE_ENVIRONMENT not in files.UNIT.restart
