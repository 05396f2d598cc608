"""A certificate that an operator gives: refused with one line and its mend, or served."""

from datetime import timedelta

import pytest

from realmfleet.secrets import SecretsError
from realmfleet.secrets.certificate import check, describe, parse
from tests.realmfleet.secrets.pems import NOW, certificate, ec_key, key_pem, odd_key, pem, short_key

NAMES = ("api.example.com", "*.game.example.com", "198.18.0.1")
ROOT_KEY, MIDDLE_KEY, KEY, OTHER = ec_key(), ec_key(), ec_key(), ec_key()
MIDDLE = certificate("Middle", MIDDLE_KEY, "Root", ROOT_KEY)
OWN = certificate("api", KEY, "Middle", MIDDLE_KEY, NAMES)
ALONE = certificate("alone", KEY, names=NAMES)
OLD = certificate("api", KEY, "Middle", MIDDLE_KEY, NAMES, start=-100, days=99)
EARLY = certificate("api", KEY, "Middle", MIDDLE_KEY, NAMES, start=1)
OLD_MIDDLE = certificate("Middle", MIDDLE_KEY, "Root", ROOT_KEY, start=-100, days=99)
SHORT, ODD = short_key(), odd_key()

GOOD = pem(OWN) + pem(MIDDLE) + key_pem(KEY)
BAD = {
    "nothing": ("hello", "it holds no certificate that can be read. Give PEM: cat"),
    "half": (GOOD[:300], "it holds no certificate that can be read. Give PEM: cat"),
    "no key": (pem(OWN) + pem(MIDDLE), "it holds no private key. Append the private key"),
    "another's key": (
        pem(OWN) + pem(MIDDLE) + key_pem(OTHER),
        "certificate and key do not belong together. Give the key",
    ),
    "upside down": (
        pem(MIDDLE) + pem(OWN) + key_pem(KEY),
        "the server's certificate is not the first. Put it there",
    ),
    "no chain": (pem(OWN) + key_pem(KEY), "it lacks the chain: clients would not know its issuer"),
    "another's chain": (
        pem(OWN) + pem(certificate("Middle", OTHER, "Root", ROOT_KEY)) + key_pem(KEY),
        "'api' is not signed by the next one, 'Middle'. Put each certificate's issuer",
    ),
    "expired": (
        pem(OLD) + pem(MIDDLE) + key_pem(KEY),
        "'api' expired on 2026-05-31. Renew it.",
    ),
    "expired chain": (
        pem(OWN) + pem(OLD_MIDDLE) + key_pem(KEY),
        "'Middle' expired on 2026-05-31. Renew it.",
    ),
    "of tomorrow": (
        pem(EARLY) + pem(MIDDLE) + key_pem(KEY),
        "'api' is not good before 2026-06-02. Look at this clock.",
    ),
    "passphrase": (
        pem(OWN) + pem(MIDDLE) + key_pem(KEY, b"secret"),
        "its private key has a passphrase. Take the passphrase off",
    ),
    "short": (pem(certificate("s", SHORT)) + key_pem(SHORT), "its RSA key has 1024 bits. Order"),
    "odd": (pem(certificate("o", ODD)) + key_pem(ODD), "of a kind that browsers refuse. Order"),
    "spoilt key": (
        pem(OWN) + pem(MIDDLE) + key_pem(KEY).replace("M", "N", 1),
        "its private key cannot be read. Give it as openssl writes it",
    ),
}


@pytest.mark.parametrize("text", [GOOD, pem(ALONE) + key_pem(KEY), key_pem(KEY) + pem(ALONE)])
def test_a_good_one(text):
    check("haproxy_certificate", text, NOW, ("api.example.com", "198.18.0.1"))


def test_line_ends_of_another_system_are_taken():
    check("haproxy_certificate", GOOD.replace("\n", "\r\n"), NOW)


@pytest.mark.parametrize(("text", "says"), BAD.values(), ids=BAD.keys())
def test_a_bad_one_earns_one_line_that_quotes_nothing(text, says):
    with pytest.raises(SecretsError) as caught:
        check("haproxy_certificate", text, NOW)
    line = str(caught.value)
    assert line.startswith("haproxy_certificate: ")
    assert says in line
    assert "\n" not in line and "PRIVATE" not in line and "MII" not in line


@pytest.mark.parametrize(
    ("name", "covered"),
    [
        ("api.example.com", True),
        ("API.example.com", True),
        ("eu.game.example.com", True),
        ("game.example.com", False),
        ("a.b.game.example.com", False),
        ("198.18.0.1", True),
        ("198.18.0.2", False),
        ("example.com", False),
    ],
)
def test_names_it_must_speak_for(name, covered):
    if covered:
        check("haproxy_certificate", GOOD, NOW, [name])
        return
    with pytest.raises(SecretsError, match=f"does not speak for {name}. Order one"):
        check("haproxy_certificate", GOOD, NOW, [name])


def test_how_long_it_lasts_is_known_and_said():
    found = parse("haproxy_certificate", GOOD)
    assert found.days_left(NOW.timestamp()) == 90
    assert found.days_left((NOW + timedelta(days=91)).timestamp()) == -1
    told = describe(GOOD, NOW)
    assert told == f"It is good until 2026-08-30 (90 days), for {', '.join(NAMES)}."
