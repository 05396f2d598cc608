"""The edge's settings: limits that its memory holds, timeouts that cover an API's restart."""

import re
from collections.abc import Iterator

from realmfleet.budget import budget
from realmfleet.fleet import Droplet, Fleet, Mistake
from realmfleet.settings import Setting, Settings, WishError, check_names, lay

# Master and worker when idle: 15 MB measured.
PROCESS_MB = 18
# A client with TLS, measured with 1,000 of them: 25 idle, 35 with half a request each.
SESSION_KB = 35
# An entry of the stick table with a rate and a counter: estimated from its fields.
CLIENTS, CLIENT_BYTES = 50_000, 160

# Requests are counted over this window.
WINDOW_S = 10

# Thirty players behind one address (a school, a carrier's NAT) who log in at once ask some 8
# things each: 240. More than twice that is left for retries and for play.
LEAST_RATE = 10

# 30 players with two connections each, and as many again that are just closing.
CLIENT_CONNECTIONS = 120

# "Intermediate" without DHE: every client of the last ten years, and no cipher without
# forward secrecy. https://ssl-config.mozilla.org/#server=haproxy&config=intermediate
CIPHERS = ":".join(
    f"ECDHE-{key}-{cipher}"
    for cipher in ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305")
    for key in ("ECDSA", "RSA")
)
SUITES = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"

# Which section each setting stands in; everything else is a default of all proxies.
GLOBAL = frozenset(
    {
        "maxconn", "nbthread", "hard-stop-after", "chroot", "user", "group",
        "log", "stats socket", "ssl-default-bind-options", "ssl-default-bind-ciphers",
        "ssl-default-bind-ciphersuites", "ssl-default-bind-curves", "tune.ssl.cachesize",
        "tune.h2.fe.max-concurrent-streams",
    }
)  # fmt: skip

_TIME = re.compile(r"[1-9]\d*(?:ms|s|m|h)")
_PATH = re.compile(r"/[A-Za-z0-9._/-]*")
_DOMAIN = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


def settings(_fleet: Fleet, droplet: Droplet) -> Settings:
    """Both sections, `global` and `defaults`. Raises WishError for what cannot be granted."""
    wishes, source = droplet.data.get("haproxy_settings", {}), f"{droplet.name}: haproxy_settings"
    advice = [*_limits(droplet), *_timeouts(), *_retries()]
    must = list(_required())
    check_names(wishes, [s.name for s in (*advice, *must)], source)
    laid = lay(advice, wishes, must, source)
    _check_numbers(laid, source)
    _check_times(laid, source)
    _check_memory(droplet, laid, source)
    _check_knobs(droplet)
    return laid


def worst_case_mb(laid: Settings) -> int:
    """Full of clients, with a full table of them."""
    return sum(_parts(laid).values())


def rate_limit(droplet: Droplet) -> int:
    """Requests that one address may send in WINDOW_S seconds."""
    return int(droplet.data.get("haproxy_rate_limit", 600))


def _parts(laid: Settings) -> dict[str, int]:
    return {
        "process": PROCESS_MB,
        "clients' counters": -(-CLIENTS * CLIENT_BYTES // 2**20),
        "TLS sessions": -(-int(laid["maxconn"].value) * SESSION_KB // 1024),
    }


def _limits(droplet: Droplet) -> Iterator[Setting]:
    share = budget(droplet).share("haproxy")
    left = (share - PROCESS_MB - -(-CLIENTS * CLIENT_BYTES // 2**20)) * 1024 // SESSION_KB
    why = f"clients of {SESSION_KB} KB that fit into {share} MB; more wait in the kernel's queue"
    yield Setting("maxconn", min(2000, left // 100 * 100), why)
    yield Setting("nbthread", droplet.size.vcpus, "one a CPU")
    yield Setting("tune.ssl.cachesize", 10000, "sessions to resume, 200 bytes each")
    why = "a game asks few things at once; caps what one connection can hold of our memory"
    yield Setting("tune.h2.fe.max-concurrent-streams", 20, why)
    why = "a reload's former process ends after that, whoever still hangs on"
    yield Setting("hard-stop-after", "60s", why)


def _timeouts() -> Iterator[Setting]:
    yield Setting("timeout connect", "1s", "APIs are in the same region; also the pause of retries")
    yield Setting("timeout client", "30s", "a silent client")
    yield Setting("timeout client-fin", "5s", "a client that does not say goodbye")
    yield Setting("timeout server", "30s", "an answer takes no longer")
    yield Setting("timeout http-request", "10s", "a request dripping in byte by byte is an attack")
    yield Setting("timeout http-keep-alive", "60s", "games ask now and then, TLS anew is dear")
    yield Setting("timeout queue", "5s", "nobody waits longer for an API; then 503")


def _retries() -> Iterator[Setting]:
    why = "a second apart: covers an API's restart; with several APIs the next one is asked at once"
    yield Setting("retries", 8, why)


def _required() -> Iterator[Setting]:
    yield Setting("chroot", "/var/lib/haproxy", "workers see no file")
    yield Setting("user", "haproxy", "workers are nobody in particular")
    yield Setting("group", "haproxy", "workers are nobody in particular")
    yield Setting("log", "/dev/log local0", "the journal, with its caps")
    why = "operators alone: drain, maintenance, statistics"
    socket = "/run/haproxy/admin.sock mode 600 level admin"
    yield Setting("stats socket", f"{socket} expose-fd listeners", why)
    why = "no protocol that is known to be broken; no ticket keys to rotate"
    yield Setting("ssl-default-bind-options", "ssl-min-ver TLSv1.2 no-tls-tickets", why)
    yield Setting("ssl-default-bind-ciphers", CIPHERS, "TLS 1.2 with forward secrecy")
    yield Setting("ssl-default-bind-ciphersuites", SUITES, "TLS 1.3")
    yield Setting("ssl-default-bind-curves", "X25519:prime256v1:secp384r1", "what clients have")
    yield Setting("mode", "http", "it routes by what is asked")
    why = "a server is never left with half a connection; no race with one that restarts"
    yield Setting("option http-server-close", "", why)
    why = "refused connections for all, a lost answer only for GET and HEAD: nothing runs twice"
    yield Setting("retry-on", "conn-failure empty-response", why)
    why = "a reload ends idle connections with their next answer, never under a request on its way"
    yield Setting("option idle-close-on-response", "", why)
    yield Setting("option redispatch", "1", "a retry goes to another API at once")
    yield Setting("option dontlognull", "", "scanners that say nothing fill no log")


def _check_numbers(laid: Settings, source: str) -> None:
    for name in ("maxconn", "nbthread", "retries", "tune.ssl.cachesize"):
        value = laid[name].value
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            what = f"{name} is {value!r}"
            raise WishError([Mistake(source, what, "Write a whole number from 1 on.")])


def _check_times(laid: Settings, source: str) -> None:
    """A number without a unit would be milliseconds, which nobody means."""
    times = (s for s in laid.values() if s.name.startswith("timeout ") or s.name.endswith("-after"))
    for setting in times:
        if not _TIME.fullmatch(str(setting.value)):
            what = f"{setting.name} is {setting.value!r}"
            raise WishError([Mistake(source, what, "Write a time with its unit, like '30s'.")])


def _check_memory(droplet: Droplet, laid: Settings, source: str) -> None:
    share, parts = budget(droplet).share("haproxy"), _parts(laid)
    if sum(parts.values()) > share:
        text = " + ".join(f"{part} {mb}" for part, mb in parts.items())
        what = f"HAProxy may use {sum(parts.values())} MB = {text}, but {share} MB are its share"
        raise WishError([Mistake(source, what, "Wish for fewer connections (maxconn).")])


def _check_knobs(droplet: Droplet) -> None:
    """They become part of rules, so nothing else may slip in."""
    data, faults = droplet.data, []
    if rate_limit(droplet) < LEAST_RATE:
        what, mend = f"{rate_limit(droplet)} requests in {WINDOW_S} s", "One log-in asks 8 things."
        faults.append(Mistake(f"{droplet.name}: haproxy_rate_limit", what, mend))
    if not _PATH.fullmatch(path := data.get("haproxy_ready_path", "/ready")):
        mend = "Write it like '/ready'."
        faults.append(Mistake(f"{droplet.name}: haproxy_ready_path", f"{path!r} is no path", mend))
    for name in data.get("haproxy_domains", []):
        if not (isinstance(name, str) and _DOMAIN.fullmatch(name)):
            what, mend = f"{name!r} is no DNS name", "Write it like 'api.example.com'."
            faults.append(Mistake(f"{droplet.name}: haproxy_domains", what, mend))
    if faults:
        raise WishError(faults)
