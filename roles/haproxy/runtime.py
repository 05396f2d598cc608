"""What one says to a running edge, see docs/edge.md. Pure: somebody else runs it.

The answers come from the runtime socket, which only root can open; nothing is reloaded. A
reload forgets what was said here: the files decide then.
https://docs.haproxy.org/3.0/management.html#9.3
"""

ASK = "/usr/local/lib/realmfleet/haproxy-ask"
ADMIN, MASTER = "/run/haproxy/admin.sock", "/run/haproxy/master.sock"

BACKEND = "api"
SWITCHES = "/etc/haproxy/realmfleet/switches.map"


def drain(server: str) -> str:
    """Shell: no new requests for this API; those that it has begun it finishes."""
    return ask(f"set server {BACKEND}/{server} state drain")


def undrain(server: str) -> str:
    """Shell: it is asked again, as soon as it is ready."""
    return ask(f"set server {BACKEND}/{server} state ready")


def requests_left(server: str) -> str:
    """Shell that prints how many requests this API still works on; 0 ends a drain."""
    state = ask("show stat")
    return f'{state} | awk -F, \'$1 == "{BACKEND}" && $2 == "{server}" {{ print $5 }}\''


def maintenance(*, on: bool) -> str:
    """Shell: everybody gets the maintenance page, or the API again, from the next request on."""
    return ask(f"set map {SWITCHES} maintenance {'on' if on else 'off'}")


def ask(command: str) -> str:
    """Shell that says one command to the worker and prints its answer."""
    return f"{ASK} '{command}'"
