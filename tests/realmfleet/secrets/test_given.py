"""Given secrets: never made up, several lines where they have them, a rehearsal's own."""

import ssl
from dataclasses import replace
from ipaddress import IPv4Address

import pytest

import roles
from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.sizes import SIZES
from realmfleet.secrets import SecretsError, ensure_rehearsal, given, made, missing, needed
from realmfleet.secrets.certificate import check, issued, parse, utc_now
from realmfleet.secrets.rehearsed import CA, CA_KEY, VALUES, WEBHOOK_URL
from realmfleet.secrets.store import store_for
from realmfleet.secrets.values import CHECKS, check_value, domains
from tests.realmfleet.secrets.pems import certificate, ec_key, key_pem, pem

CERTIFICATE, WEBHOOK = "haproxy_certificate", "alertmanager_webhook_url"
ASKED = {"haproxy": {CERTIFICATE: "PEM"}, "alertmanager": {WEBHOOK: "where alerts go"}}


@pytest.fixture
def fleet(monkeypatch):
    """One droplet whose edge and alerts ask for what only an operator can give."""
    real = roles.names()
    monkeypatch.setattr(roles, "names", lambda: tuple(sorted({*real, *ASKED})))
    monkeypatch.setattr(roles, "given", lambda service: ASKED.get(service, {}))
    monkeypatch.setattr(roles, "declined", lambda _service, _data: frozenset())
    secrets = roles.secrets
    monkeypatch.setattr(roles, "secrets", lambda name: {} if name in ASKED else secrets(name))
    data = {"haproxy_domains": ["api.example.com"]}
    services, address = ("redis", *ASKED), IPv4Address("198.18.0.1")
    one = Droplet("one", "singapore", SIZES["s-2vcpu-4gb"], services, address, data=data)
    return Fleet("beta", (one,))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "rehearsal"


@pytest.fixture
def rehearsal(fleet, folder):
    """The rehearsed fleet, with its secrets made."""
    rehearsed = replace(fleet, rehearsal_dir=str(folder))
    ensure_rehearsal(folder, rehearsed)
    return rehearsed


def test_a_random_value_never_stands_for_them(fleet):
    assert set(given(fleet)) == {CERTIFICATE, WEBHOOK}
    assert not set(given(fleet)) & set(made(fleet))
    assert set(needed(fleet)) == {*given(fleet), *made(fleet)}


def test_each_has_a_rule_and_a_rehearsals_value():
    declared = {name for service in roles.names() for name in roles.given(service)}
    assert declared <= set(CHECKS)
    assert set(CHECKS) == set(VALUES)


@pytest.mark.parametrize("value", ["https://hooks.example.com/a?b=c", "http://127.0.0.1:9095/"])
def test_a_web_address(value):
    check_value(WEBHOOK, value)


@pytest.mark.parametrize("value", ["", "hooks.example.com", "ftp://a/", "https://", "http://[a/"])
def test_what_is_no_web_address(value):
    with pytest.raises(SecretsError, match="the value is "):
        check_value(WEBHOOK, value)


def test_a_rehearsal_has_all_of_them(rehearsal, folder):
    store = store_for(rehearsal)
    assert missing(rehearsal) == ()
    assert store.get(WEBHOOK) == WEBHOOK_URL
    pem = store.get(CERTIFICATE)
    assert domains(rehearsal) == ("api.example.com",)
    check(CERTIFICATE, pem, utc_now(), ("localhost", "198.18.0.1", "api.example.com"))
    ssl.create_default_context(cafile=str(folder / CA))
    assert (folder / CA_KEY).stat().st_mode & 0o777 == 0o600
    found = parse(CERTIFICATE, pem)
    assert issued(found.own, found.issuers[0])
    assert "PRIVATE" not in (folder / CA).read_text()


def test_a_second_time_changes_nothing(rehearsal, folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    ensure_rehearsal(folder, rehearsal)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_other_addresses_have_another_certificate_of_the_same_authority(rehearsal, folder):
    before, authority = store_for(rehearsal).get(CERTIFICATE), (folder / CA).read_text()
    moved = replace(rehearsal.droplets[0], public_ip=IPv4Address("198.18.0.9"))
    ensure_rehearsal(folder, replace(rehearsal, droplets=(moved,)))
    after = store_for(rehearsal).get(CERTIFICATE)
    assert after != before
    assert "198.18.0.9" in parse(CERTIFICATE, after).names
    assert (folder / CA).read_text() == authority


@pytest.mark.parametrize("lost", [CA, CA_KEY])
def test_a_lost_half_of_the_authority_makes_both_anew(rehearsal, folder, lost):
    before = (folder / CA).read_text()
    (folder / lost).unlink()
    ensure_rehearsal(folder, rehearsal)
    assert (folder / CA).read_text() != before
    found = parse(CERTIFICATE, store_for(rehearsal).get(CERTIFICATE))
    assert (folder / CA).read_text() in store_for(rehearsal).get(CERTIFICATE)
    assert issued(found.own, found.issuers[0])


def test_one_of_an_authority_that_is_gone_is_made_anew(rehearsal, folder, tmp_path):
    other = replace(rehearsal, rehearsal_dir=str(tmp_path / "other"))
    ensure_rehearsal(tmp_path / "other", other)
    foreign = store_for(other).get(CERTIFICATE)
    store_for(rehearsal).set(CERTIFICATE, foreign)
    ensure_rehearsal(folder, rehearsal)
    assert store_for(rehearsal).get(CERTIFICATE) != foreign


def test_one_that_somebody_has_set_for_his_rehearsal_is_kept(rehearsal, folder):
    key = ec_key()
    own = pem(certificate("mine", key, days=20000)) + key_pem(key)
    store_for(rehearsal).set(CERTIFICATE, own)
    ensure_rehearsal(folder, rehearsal)
    assert store_for(rehearsal).get(CERTIFICATE) == own
