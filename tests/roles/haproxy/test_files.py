"""The edge's files, line by line where it matters; the golden files show the whole."""

import re

import pytest

from roles.haproxy import files
from tests.realmfleet.secrets.pems import NOW, certificate, ec_key, pem

DAYS = 90
OWN, ISSUER = (certificate(n, ec_key(), start=0, days=d) for n, d in (("own", DAYS), ("ca", 3650)))
PEM = (pem(OWN) + pem(ISSUER)).strip().replace("\n", "\r\n")


@pytest.fixture
def laid(alpha):
    return {f.path: f for f in files.files(*alpha(), {"haproxy_certificate": PEM})}


def test_only_root_reads_the_certificate(laid):
    file = laid[files.CERTIFICATE]
    assert (file.owner, file.mode, file.secret) == ("root", 0o600, True)
    assert file.content == PEM.replace("\r\n", "\n") + "\n"


def test_the_end_of_the_servers_own_certificate_is_there_for_the_node_exporter_to_read(laid):
    file = laid[files.METRIC]
    assert (file.owner, file.mode, file.secret) == ("root", 0o644, False)
    told = [line for line in file.content.splitlines() if not line.startswith("#")]
    ends = int(NOW.timestamp()) + DAYS * 86400
    assert told == [f'realmfleet_certificate_not_after_seconds{{certificate="haproxy"}} {ends}']
    # A new end needs neither a restart nor a reload: it is read at each scrape.
    assert files.METRIC not in (*files.UNIT.restart, *files.UNIT.reload)


def test_only_the_unit_itself_needs_a_restart():
    assert files.UNIT.restart == (files.DROP_IN,)
    assert set(files.UNIT.reload) == {files.MAIN, files.CERTIFICATE, files.PAGE, files.SWITCHES}


def test_no_regular_expression_which_the_unit_would_forbid(laid):
    rules = laid[files.MAIN].content
    assert not re.search(r"-m reg|regsub|map_reg|replace-(header|path|uri)|\brw", rules)
    assert "MemoryDenyWriteExecute=yes" in laid[files.DROP_IN].content


def test_everything_that_can_be_told_of_a_request_is_in_the_log_but_its_secrets(laid):
    (line,) = [row for row in laid[files.MAIN].content.splitlines() if "log-format" in row]
    assert "%[var(txn.id)]" in line and "%[var(txn.path)]" not in line
    assert not re.search(r"%r\b|%HU|%HQ|%hr|%HP|query|url\b|hdr", line)


def test_who_is_too_much_is_turned_away_before_any_other_rule_answers(laid):
    text = laid[files.MAIN].content
    order = (
        "del-header x-forwarded-",
        "status 429",
        "untidy or inner",
        "maintenance.html",
        "default_backend",
    )
    places = [text.index(part, text.index("frontend players")) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize(("wish", "state"), [(False, "off"), (True, "on")])
def test_maintenance_for_longer(alpha, wish, state):
    secrets = {"haproxy_certificate": PEM}
    laid = {f.path: f for f in files.files(*alpha(haproxy_maintenance=wish), secrets)}
    assert f"\nmaintenance {state}\n" in laid[files.SWITCHES].content


def test_enough_files_may_be_open_for_every_client(laid):
    limit = re.search(r"LimitNOFILE=(\d+)", laid[files.DROP_IN].content)
    assert limit and int(limit[1]) == 2 * 2000 + files.SPARE_FILES
