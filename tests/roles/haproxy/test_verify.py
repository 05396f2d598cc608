"""The edge: what it says, judged."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from roles.haproxy.backends import Server
from roles.haproxy.verify import (
    judge_answers,
    judge_certificate,
    judge_info,
    judge_metrics,
    judge_servers,
)
from tests.realmfleet.secrets.pems import NOW, certificate, ec_key, key_pem, pem


def test_settings():
    wanted = {"Maxconn": "2000", "Nbthread": "2"}
    assert judge_info(wanted, "Name: HAProxy\nNbthread: 2\nMaxconn: 2000\n").faults == ()
    (fault,) = judge_info(wanted, "Nbthread: 2\nMaxconn: 100\n").faults
    assert fault.startswith("Maxconn is 100, asked 2000")
    with pytest.raises(LookupError):
        judge_info(wanted, "ConnectionRefusedError: [Errno 111] Connection refused")


HEAD = "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state\n"


def row(name="api-1", address="127.0.0.1", state=2, port=8080):
    return f"5 api 1 {name} {address} {state} 0 1 1 21 8 2 0 6 0 0 0 - {port} - 0 0 - - 0\n"


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        (row(), []),
        (row(state=0), ["none of 1 APIs answers"]),
        (row(address="10.0.0.1"), ["API api-1 is at 10.0.0.1:8080, asked 127.0.0.1:8080"]),
        (row(port=81), ["API api-1 is at 127.0.0.1:81, asked 127.0.0.1:8080"]),
        (row() + row("old"), ["API old is at 127.0.0.1:8080, asked none"]),
        ("", ["API api-1 is at nowhere, asked 127.0.0.1:8080"]),
    ],
)
def test_apis(answer, faults):
    found = judge_servers([Server("api-1", "127.0.0.1")], True, HEAD + answer).faults
    assert [line[: len(part)] for line, part in zip(found, faults, strict=True)] == faults


def test_apis_that_have_no_role_yet_need_not_answer():
    verdict = judge_servers([Server("api-1", "127.0.0.1")], False, HEAD + row(state=0))
    assert (verdict.said, verdict.faults) == ("0 of 1 APIs answer", ())
    with pytest.raises(ValueError):
        judge_servers([], False, "ConnectionRefusedError")


KEY = ec_key()
OWN, OTHER = certificate("api", KEY), certificate("api", KEY)
DECLARED = pem(OWN) + key_pem(KEY)


def presented(own, day):
    shown = own.public_bytes(Encoding.DER)
    return f"shown {shown.hex()}\nnow {int(NOW.timestamp()) + day * 86400}\n"


def test_certificate():
    verdict = judge_certificate(DECLARED, presented(OWN, 0))
    assert (verdict.said, verdict.faults) == ("certificate as given, good for 90 days", ())
    (fault,) = judge_certificate(DECLARED, presented(OTHER, 0)).faults
    assert fault.startswith("443 presents another certificate than the one given")
    (fault,) = judge_certificate(DECLARED, presented(OWN, 80)).faults
    assert fault.startswith("the certificate ends in 10 days: renew it")
    with pytest.raises(LookupError):
        judge_certificate(DECLARED, "now 1\n")


WELL = """\
redirect 301 https://127.0.0.1/verify
/internal/zones 404
/metrics 404
/%69nternal/zones 404
/v1//internal/zones 404
flood 429 601
"""


@pytest.mark.parametrize(
    ("now", "then", "fault"),
    [
        ("301 https://127.0.0.1/verify", "200 None", "port 80 answers 200 None, it must redirect"),
        ("/metrics 404", "/metrics 200", "/metrics answers 200 from outside"),
        ("/%69nternal/zones 404", "/%69nternal/zones 401", "/%69nternal/zones answers 401"),
        ("429 601", "404 720", "request 720 of one address answers 404, 429 is asked after 600"),
        ("429 601", "429 300", "request 300 of one address answers 429, 429 is asked after 600"),
    ],
)
def test_answers(now, then, fault):
    assert judge_answers(600, WELL).faults == ()
    (found,) = judge_answers(600, WELL.replace(now, then)).faults
    assert found.startswith(fault)


def test_metrics():
    line = "LISTEN 0 2000 {}:8404 0.0.0.0:*\n"
    assert judge_metrics("127.0.0.1", line.format("127.0.0.1")).faults == ()
    for answer in ("", line.format("0.0.0.0"), line.format("127.0.0.1") + line.format("10.0.0.1")):
        assert judge_metrics("127.0.0.1", answer).faults
