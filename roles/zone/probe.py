"""One player from end to end: logs in through the edge, plays in a zone, saves. Pure."""

import json
import shlex
from collections.abc import Iterator, Mapping
from functools import partial

from cryptography.hazmat.primitives.serialization import Encoding

from realmfleet.fleet import Droplet, Fleet
from realmfleet.fleet.game import LOOPBACK
from realmfleet.secrets.certificate import names_of, parse
from realmfleet.verify.model import Check, Verdict

PROBE = "zone-probe"
CERTIFICATE = "haproxy_certificate"

# One player who stays for two seconds: a login, some moves, two saves. The same one every time.
PLAYER = {"BOTS": "1", "SECONDS": "2", "SAVE_EVERY_S": "1", "PREFIX": "verify"}


def check(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> Check:
    """What the player tells. Its authority is the last of the edge's own chain."""
    if CERTIFICATE not in secrets:
        why = "nobody plays: the edge's certificate is not known here"
        return Check("zone", "a player", "true", lambda _: Verdict("", skipped=why))
    given = parse(CERTIFICATE, secrets[CERTIFICATE])
    name = next((n for n in names_of(given.own) if not n[-1:].isdigit()), "localhost")
    top = (given.own, *given.issuers)[-1].public_bytes(Encoding.PEM).decode()
    address = LOOPBACK if droplet.carries("haproxy") else str(_edge(fleet, droplet))
    values = {"API_URL": f"https://{name}", "API_ADDRESS": address, **PLAYER}
    return Check("zone", "a player", "\n".join(_script(values, top)), partial(judge, name))


def judge(name: str, answer: str) -> Verdict:
    """It came in, nothing broke, and its saves were acknowledged."""
    lines = [line for line in answer.splitlines() if line.startswith("{")]
    said = json.loads(lines[-1])
    wanted = {"connected": 1, "disconnects": 0, "http_errors": 0, "http_5xx": 0}
    look = "journalctl -u api -u zone@* -u haproxy"
    faults = [
        f"a player counts {key} {said.get(key)}, not {value}: {look}"
        for key, value in wanted.items()
        if said.get(key) != value
    ]
    sent, kept = said["saves_sent"], said["saves_acknowledged"]
    if not 0 < kept == sent:
        faults.append(f"a player's saves: {kept} of {sent} acknowledged: {look}")
    place = "is on the leaderboard" if said["on_leaderboard"] else "others lead the leaderboard"
    return Verdict(f"a player came in by {name}, played, saved {kept} times, {place}", (*faults,))


def _edge(fleet: Fleet, droplet: Droplet) -> object:
    edges = fleet.carrying("haproxy")
    near = [edge for edge in edges if edge.region == droplet.region]
    return (near or edges)[0].public_ip


def _script(values: Mapping[str, str], authority: str) -> Iterator[str]:
    """Under a user of its own, which sees no secret and no other process."""
    yield "folder=$(mktemp -d) && chmod 755 $folder && trap 'rm -rf $folder' EXIT"
    yield f"printf %s {shlex.quote(authority)} > $folder/ca.pem"
    words = [f"--setenv={key}={value}" for key, value in values.items()]
    sandbox = ("DynamicUser=yes", "ProtectProc=invisible", "RuntimeMaxSec=25")
    words += [f"--property={one}" for one in sandbox]
    yield (
        f"systemd-run --quiet --wait --pipe --collect {' '.join(words)} "
        "--property=BindReadOnlyPaths=$folder:/run/realmfleet-player "
        "--setenv=API_CA=/run/realmfleet-player/ca.pem --setenv=HOME=/tmp "
        f"/opt/{PROBE}/current/start 2>&1"
    )
