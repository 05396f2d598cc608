"""PostgreSQL's settings for one droplet: recommended < wished < required, within its memory."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from realmfleet.budget import budget
from realmfleet.fleet import Droplet, Fleet, Mistake
from realmfleet.fleet.flows import inbound
from realmfleet.settings import (
    ForbiddenError,
    Setting,
    Settings,
    Value,
    WishError,
    check_allowed,
    check_names,
    lay,
    names_in,
)
from roles.postgres import recommended
from roles.postgres.access import access
from roles.postgres.memory import Memory, plan, worst_case_mb

__all__ = ["settings", "worst_case_mb"]

KNOWN = names_in(Path(__file__).with_name("known_settings.txt"))

# Names that no inventory may set, whatever the value.
FORBIDDEN = {
    "config_file": "Debian's cluster tools find the cluster by it",
    "data_directory": "Debian's cluster tools find the cluster by it",
    "hba_file": "realmfleet writes the access rules from the flows",
    "ident_file": "realmfleet writes the user map",
    "external_pid_file": "Debian's unit waits for it",
    "ignore_checksum_failure": "it hides broken pages",
    "zero_damaged_pages": "it erases broken pages",
    "ignore_system_indexes": "it is for repairs by hand",
    "session_replication_role": "it switches off foreign keys",
}


def settings(fleet: Fleet, droplet: Droplet) -> Settings:
    """Every setting that we write, with origin and reason.

    Raises WishError for wishes that are unknown, forbidden, or do not fit the memory, and for
    databases that cannot be made.
    """
    wishes = droplet.data.get("postgres_settings", {})
    source = f"{droplet.name}: postgres_settings"
    check_names(wishes, KNOWN, source)
    _check_allowed(wishes, source)
    access(fleet, droplet)  # odd databases are refused as early as odd settings
    counts = list(recommended.counts(fleet, droplet))
    memory = _plan(droplet, {s.name: s.value for s in counts}, wishes, source)
    advice = [
        *recommended.memory(droplet, memory),
        *counts,
        *recommended.durability(droplet),
        *recommended.planner(),
        *recommended.vacuum(),
        *recommended.watching(),
        *recommended.timeouts(),
    ]
    return lay(advice, wishes, required(fleet, droplet), source)


def required(fleet: Fleet, droplet: Droplet) -> Iterator[Setting]:
    """What safety and the rest of the droplet depend on."""
    yield Setting("fsync", True, "without it a power loss ruins the database")
    yield Setting("full_page_writes", True, "without it a torn page ruins the database")
    yield Setting("password_encryption", "scram-sha-256", "md5 hashes can be replayed")
    why = "loopback, and the inner address where other droplets have a flow here; never public"
    addresses = listen_addresses(fleet, droplet)
    yield Setting("listen_addresses", ",".join(addresses), why)
    yield Setting("port", 5432, "flows, firewall and the pool count on it")
    yield Setting("unix_socket_directories", "/var/run/postgresql", "pool and exporter meet here")
    yield _ssl(droplet, addresses)
    why = "TimescaleDB must be loaded at the start, first in the list; statistics need it too"
    yield Setting("shared_preload_libraries", "timescaledb,pg_stat_statements", why)
    yield Setting("allow_alter_system", False, "one file says what is in force: ours")
    yield Setting("log_statement", "none", "statements carry passwords and players' data")
    yield Setting("log_parameter_max_length", 0, "parameters are players' data")
    yield Setting("log_parameter_max_length_on_error", 0, "parameters are players' data")


def listen_addresses(fleet: Fleet, droplet: Droplet) -> tuple[str, ...]:
    """Loopback, and the inner address where a flow from another droplet ends here."""
    remote = any(opening.flow.service == "postgres" for opening in inbound(fleet, droplet))
    inner = [str(droplet.inner_ip)] if remote and droplet.inner_ip else []
    return ("127.0.0.1", *inner)


def _ssl(droplet: Droplet, addresses: tuple[str, ...]) -> Setting:
    if len(addresses) == 1:
        return Setting("ssl", False, "loopback only: TLS there costs a third of the speed")
    if droplet.mesh_ip is not None:
        return Setting("ssl", False, "the mesh encrypts what leaves the droplet")
    return Setting("ssl", True, "other droplets come over a network that does not encrypt")


def _check_allowed(wishes: Mapping[str, Value], source: str) -> None:
    check_allowed(wishes, FORBIDDEN, source)
    if str(wishes.get("synchronous_commit", "on")).lower() in ("off", "false", "no", "0"):
        why = "acknowledged saves could be lost; 'local' is the least that is safe"
        raise ForbiddenError("synchronous_commit", why, source)


def _plan(
    droplet: Droplet, counts: Mapping[str, Value], wishes: Mapping[str, Value], source: str
) -> Memory:
    """The planned memory. WishError where a wish cannot be read, or all of it does not fit."""
    try:
        memory = plan(droplet, counts, wishes)
    except ValueError as error:
        mend = "Write it as PostgreSQL does, for example '64MB'."
        raise WishError([Mistake(source, str(error), mend)]) from error
    share = budget(droplet).share("postgres")
    if memory.worst_case_mb() > share:
        what = f"PostgreSQL may use {memory.text}, but {share} MB are its share of the droplet"
        raise WishError([Mistake(source, what, "Wish for less, or take a larger size.")])
    return memory
