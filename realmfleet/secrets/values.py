"""What values may look like: one word for what we make, and given secrets by rules of their own.

A given secret is one for which no random value can stand (a role's GIVEN): somebody else made it.
"""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from realmfleet.fleet import Fleet
from realmfleet.secrets import certificate
from realmfleet.secrets.errors import SecretsError

CERTIFICATE = "haproxy_certificate"
WEBHOOK = "alertmanager_webhook_url"
HEARTBEAT = "alertmanager_heartbeat_url"

# Of several lines, so that nobody can type it at a prompt.
SEVERAL_LINES = frozenset({CERTIFICATE})


def check_value(name: str, value: str, fleet: Fleet | None = None) -> None:
    """SecretsError for a value that its service could not use; `fleet` adds what it asks of it."""
    if not value:
        raise SecretsError(name, "the value is empty", "Give one on standard input.")
    CHECKS.get(name, _one_word)(name, value, fleet)


def describe(name: str, value: str) -> str:
    """What an operator wants to know of a value that he has just given; empty if nothing."""
    if name == CERTIFICATE:
        return certificate.describe(value, certificate.utc_now())
    return ""


def domains(fleet: Fleet) -> tuple[str, ...]:
    """The names by which players call the fleet's edges, as the inventory declares them."""
    declared = [droplet.data.get("haproxy_domains", ()) for droplet in fleet.carrying("haproxy")]
    return tuple(dict.fromkeys(name for names in declared for name in names))


def _one_word(name: str, value: str, _fleet: Fleet | None) -> None:
    """One word of printable ASCII: it means the same in every file and to every client.

    PostgreSQL prepares anything else in its own way (SASLprep), and a line break
    would begin a new line in some service's configuration.
    """
    if not all("!" <= letter <= "~" for letter in value):
        what = "the value has a space, a line break or a foreign sign"
        raise SecretsError(name, what, "Use letters, digits and signs of ASCII.")


def _certificate(name: str, value: str, fleet: Fleet | None) -> None:
    certificate.check(name, value, certificate.utc_now(), domains(fleet) if fleet else ())


def _url(name: str, value: str, fleet: Fleet | None) -> None:
    _one_word(name, value, fleet)
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        whole = False
    if not whole:
        raise SecretsError(name, "the value is no web address", "Give one like https://host/path.")


CHECKS: Mapping[str, Callable[[str, str, Fleet | None], None]] = {
    CERTIFICATE: _certificate,
    WEBHOOK: _url,
    HEARTBEAT: _url,
}
