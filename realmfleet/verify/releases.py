"""A studio's release, as it is live: the one that was asked for, whole, verified, and in use."""

import json
import re
from functools import partial

from realmfleet.artifacts.rollout import root
from realmfleet.verify.model import Check, Verdict

# What the units of the studio's own programs may be exposed at most: nobody here reviews them.
MOST_EXPOSED = 1.5


def release_check(service: str, version: str) -> Check:
    """The links of a service's releases, and every file of the current one."""
    home = root(service)
    question = (
        f"cd {home} || exit\n"
        'for l in current verified; do echo "$l $(basename "$(readlink $l)")"; done\n'
        f"echo candidate $(systemctl is-active {service}-candidate)\n"
        "cd current && sha256sum --quiet -c manifest 2>&1 && echo whole"
    )
    return Check(service, "release", question, partial(judge_release, service, version))


def judge_release(service: str, version: str, answer: str) -> Verdict:
    """Current is verified, of the declared version, and nobody has changed a file of it."""
    said = dict(re.findall(r"^(current|verified) (.*)$", answer, re.M))
    current, faults = said["current"], []
    if current.rpartition("-")[0] != version:
        faults.append(f"{current or 'nothing'} is current, {version} is declared: deploy again")
    if current != said["verified"]:
        faults.append(f"{current} has never been ready, a switch was left half done: deploy again")
    if "candidate active" in answer:
        faults.append(f"a candidate still runs beside it: systemctl stop {service}-candidate")
    if not answer.rstrip().endswith("whole"):
        faults.append(f"files of {current} are changed or missing: deploy again")
    return Verdict(
        f"{current} is current, whole and verified", tuple(f"{service}: {f}" for f in faults)
    )


def http(address: str, port: int, path: str) -> str:
    """Shell that asks over HTTP and prints status line and body; a droplet has no curl."""
    request = f"GET {path} HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n"
    talk = f'exec 3<>/dev/tcp/{address}/{port} && printf "{request}" >&3 && cat <&3'
    return f"timeout 10 bash -c '{talk}' 2>&1; echo"


def answered(text: str) -> tuple[int, str]:
    """Status and body of one answer. ValueError where nobody answered."""
    head, _, body = text.replace("\r\n", "\n").partition("\n\n")
    status = re.match(r"HTTP/\S+ (\d+)", head)
    if status is None:
        raise ValueError(text.strip() or "no answer")
    return int(status[1]), body.strip()


def fields(body: str) -> dict[str, object]:
    """A JSON object. ValueError where it is none."""
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError(body)
    return found


def listening_check(service: str, unit: str, wanted: frozenset[str]) -> Check:
    """Where the unit's main process listens, TCP and UDP: there and nowhere else."""
    question = (
        f"pid=$(systemctl show -P MainPID {unit}); echo pid $pid\n"
        "ss -Hltunp | grep \"pid=$pid,\" | awk '{ print $1, $5 }'"
    )
    about = f"ports of {unit.removesuffix('.service')}"
    return Check(service, about, question, partial(judge_listening, unit, wanted))


def judge_listening(unit: str, wanted: frozenset[str], answer: str) -> Verdict:
    """Exactly the declared ones; `*` and 0.0.0.0 are the same to who comes from outside."""
    found = {
        f"{protocol} {address.replace('*:', '0.0.0.0:').replace('[::]:', '0.0.0.0:')}"
        for protocol, address in re.findall(r"^(tcp|udp) (\S+)$", answer, re.M)
    }
    faults = [
        f"{unit} listens on {one}, which is not declared: ss -ltunp"
        for one in sorted(found - wanted)
    ]
    faults += [f"{unit} does not listen on {one}: ss -ltunp" for one in sorted(wanted - found)]
    return Verdict(f"{unit} listens on {', '.join(sorted(wanted))} alone", tuple(faults))
