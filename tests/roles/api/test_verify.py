"""The API: what it says, judged."""

import pytest

from realmfleet.verify.releases import judge_listening, judge_release
from roles.api.verify import NEXT, judge_answers

OK = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n"
READY, TOLD = f"{OK}ok\n", OK + '{"version": "1.0.0", "region": "singapore"}\n'
LATE = "HTTP/1.0 503 Service Unavailable\r\n\r\ndatabase\n"


def both(ready=READY, told=TOLD):
    return f"{ready}\n{NEXT}\n{told}\n"


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        (both(), []),
        (both(ready=LATE), ["the API is not ready (503 database): journalctl -u api"]),
        (both(told=TOLD.replace("1.0", "0.9")), ["the API says that it is 0.9.0, 1.0.0 is"]),
        (both(told=f"{OK}{{}}"), ["the API says that it is None, 1.0.0 is declared"]),
    ],
)
def test_answers(answer, faults):
    found = judge_answers("1.0.0", answer).faults
    assert [line[: len(part)] for line, part in zip(found, faults, strict=True)] == faults


@pytest.mark.parametrize(
    "answer", [both(ready="Connection refused\n"), both(told=f"{OK}[]"), both(told=f"{OK}hello")]
)
def test_what_cannot_be_judged_is_no_pass(answer):
    with pytest.raises(ValueError):
        judge_answers("1.0.0", answer)


CURRENT, OTHER = "1.0.0-0123456789ab", "0.9.0-0123456789ab"


def lies(current=CURRENT, verified=CURRENT, candidate="inactive", end="whole"):
    return f"current {current}\nverified {verified}\ncandidate {candidate}\n{end}\n"


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        (lies(), []),
        (lies(OTHER, OTHER), [f"{OTHER} is current, 1.0.0 is declared: deploy again"]),
        (lies(verified=OTHER), [f"{CURRENT} has never been ready, a switch was left half done"]),
        (lies(candidate="active"), ["a candidate still runs beside it: systemctl stop api-cand"]),
        (lies(end="files/api: FAILED"), [f"files of {CURRENT} are changed or missing"]),
        (lies("", "", end=""), ["nothing is current, 1.0.0 is declared", "files of "]),
        # A version may hold hyphens of its own.
        (lies("1.0.0-2-0123456789ab", "1.0.0-2-0123456789ab"), ["1.0.0-2-0123456789ab is current"]),
    ],
)
def test_release(answer, faults):
    found = judge_release("api", "1.0.0", answer).faults
    begin = [f"api: {fault}" for fault in faults]
    assert [line[: len(part)] for line, part in zip(found, begin, strict=True)] == begin


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        ("pid 7\ntcp 127.0.0.1:8080\n", []),
        ("pid 7\ntcp *:8080\n", ["listens on tcp 0.0.0.0:8080", "does not listen on tcp 127"]),
        ("pid 7\ntcp 127.0.0.1:8080\nudp [::]:9\n", ["listens on udp 0.0.0.0:9"]),
        ("pid 0\n", ["does not listen on tcp 127.0.0.1:8080"]),
    ],
)
def test_ports(answer, faults):
    found = judge_listening("api.service", frozenset({"tcp 127.0.0.1:8080"}), answer).faults
    begin = [f"api.service {fault}" for fault in faults]
    assert [line[: len(part)] for line, part in zip(found, begin, strict=True)] == begin
