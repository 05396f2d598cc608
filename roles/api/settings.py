"""The API's environment: where it listens, whom it asks, how much memory Go may take."""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from realmfleet.budget import budget
from realmfleet.environment import check_variables
from realmfleet.fleet import Droplet, Fleet, Mistake
from realmfleet.fleet.databases import databases
from realmfleet.fleet.game import API_PORT, LOOPBACK, listen_ip
from realmfleet.settings import Setting, Settings, WishError, check_allowed, lay

# Go's heap stays below this part of what the unit may hold; stacks and code are the rest.
# https://go.dev/doc/gc-guide#Memory_limit
HEAP_PERCENT = 75

# Instance of Redis -> its port, as the flows say.
REDIS_PORTS = {"session": 6379, "leaderboard": 6380}
_SECRET = "it holds a secret: realmfleet writes it"
_KEYS = ("JWT_KEY", "TICKET_KEY", "ZONE_KEY")
_REDIS_URLS = tuple(f"REDIS_{instance.upper()}_URL" for instance in REDIS_PORTS)
FORBIDDEN = dict.fromkeys((*_KEYS, *_REDIS_URLS), _SECRET) | {
    "RELEASE": "it is the artifact's version"
}


def settings(fleet: Fleet, droplet: Droplet) -> Settings:
    """The environment without its secrets. Raises WishError for wishes that cannot be granted."""
    wishes = droplet.data.get("api_environment", {})
    source = f"{droplet.name}: api_environment"
    check_variables(source, wishes)
    check_allowed(wishes, FORBIDDEN | dict.fromkeys(_databases(droplet), _SECRET), source)
    return lay(_recommended(droplet), wishes, _required(fleet, droplet), source)


def secret_environment(
    fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]
) -> dict[str, str]:
    """Keys, and addresses with passwords in them. Raises WishError where nobody answers there."""
    pool = _address(fleet, droplet, "pgbouncer")
    login = f"application:{quote(secrets['postgres_application_password'], safe='')}"
    urls = {
        variable: f"postgres://{login}@{pool}:6432/{name}"
        for variable, name in _databases(droplet).items()
    }
    login = f"application:{quote(secrets['redis_application_password'], safe='')}"
    cache = _address(fleet, droplet, "redis")
    for variable, port in zip(_REDIS_URLS, REDIS_PORTS.values(), strict=True):
        urls[variable] = f"redis://{login}@{cache}:{port}/0"
    return urls | {key: secrets[f"api_{key.lower()}"] for key in _KEYS}


def _recommended(droplet: Droplet) -> Iterator[Setting]:
    share = budget(droplet).tenant("api")
    why = f"{HEAP_PERCENT} % of its {share} MB: Go collects before the kernel must kill"
    yield Setting("GOMEMLIMIT", f"{share * HEAP_PERCENT // 100}MiB", why)


def _required(fleet: Fleet, droplet: Droplet) -> Iterator[Setting]:
    why = "loopback, or the inner address where another droplet has a flow here; never public"
    yield Setting("LISTEN", f"{listen_ip(fleet, droplet, 'api')}:{API_PORT}", why)
    yield Setting("REGION", droplet.region, "for /version and metrics")


def _databases(droplet: Droplet) -> dict[str, str]:
    """Variable -> the database behind it."""
    return {f"{name.upper()}_DATABASE_URL": name for name in sorted(databases(droplet))}


def _address(fleet: Fleet, droplet: Droplet, service: str) -> str:
    """Where the API asks a data service: its neighbour, else the primary, which takes writes."""
    if droplet.carries(service):
        return LOOPBACK
    primary = fleet.primary("redis" if service == "redis" else "postgres")
    if primary is None or not primary.carries(service):
        what, mend = f"no {service} to ask", f"Put the primary's droplet into group {service!r}."
        raise WishError([Mistake(f"{droplet.name}: group 'api'", what, mend)])
    return str(primary.inner_ip)
