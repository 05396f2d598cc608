"""Redis, as it is live: both instances' settings, users, and what each user may do."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from realmfleet.fleet import Droplet, Fleet
from realmfleet.units import Unit
from realmfleet.verify.ask import by_label, labelled
from realmfleet.verify.files import secret_files
from realmfleet.verify.model import Check, Verdict
from realmfleet.verify.units import unit_checks
from realmfleet.verify.values import redis_same
from roles.redis import files
from roles.redis.instances import INSTANCES, USERS, Instance
from roles.redis.settings import instances

# A key that nobody else uses; it goes by itself should we be interrupted.
KEY = "realmfleet:verify"

# user -> commands it must be refused. The server is asked whether it would take them
# (ACL DRYRUN), so a FLUSHALL that is allowed by mistake is found without losing anything.
FORBIDDEN = {
    "application": (
        "FLUSHALL",
        "FLUSHDB",
        "KEYS *",
        "CONFIG GET maxmemory",
        "SHUTDOWN",
        "ACL LIST",
    ),
    "monitor": (f"GET {KEY}", f"SET {KEY} 1", "KEYS *", "FLUSHALL", "CONFIG SET maxmemory 0"),
    "replicator": (f"GET {KEY}", f"SET {KEY} 1", "INFO", "FLUSHALL"),
}

# How ACL LIST writes what is so anyway.
UNSAID = {"sanitize-payload", "resetchannels", "resetkeys", "-@all"}


def units(_droplet: Droplet) -> tuple[Unit, ...]:
    """One an instance; Debian's own stays off."""
    return files.units()


def checks(fleet: Fleet, droplet: Droplet, secrets: Mapping[str, str]) -> Iterator[Check]:
    """Everything about both instances on this droplet."""
    yield from unit_checks("redis", units(droplet))
    yield secret_files("redis", files.files(fleet, droplet, secrets))
    laid = instances(fleet, droplet)
    passwords = {user.name: secrets[user.secret] for user in USERS}
    for instance in INSTANCES:
        wanted = {setting.name: setting.text for setting in laid[instance.name].values()}
        yield _settings(instance, wanted, passwords)
        yield _users(instance, passwords)
        yield _forbidden(instance, passwords)
        yield _doing(instance, passwords)


def _settings(instance: Instance, wanted: Mapping[str, str], passwords: Mapping[str, str]) -> Check:
    question = f"{_cli(instance, 'monitor')} --json CONFIG GET '*' 2>&1"
    judge = partial(judge_settings, instance.name, wanted)
    return Check(
        "redis", f"settings of {instance.name}", question, judge, _auth(passwords["monitor"])
    )


def judge_settings(instance: str, wanted: Mapping[str, str], answer: str) -> Verdict:
    """What CONFIG GET says against what is asked."""
    found: dict[str, str] = json.loads(answer)
    faults = [
        f"{instance}: {name} is {found.get(name, 'unknown to it')}, asked {value}: deploy again, "
        "or restart it where only its memory differs"
        for name, value in wanted.items()
        if name not in found or not redis_same(value, found[name])
    ]
    return Verdict(f"{instance}: {len(wanted)} settings in force", tuple(faults))


def _users(instance: Instance, passwords: Mapping[str, str]) -> Check:
    wanted = {
        user.name: ["on", f"#{_digest(passwords[user.name])}", *user.rules.split()]
        for user in USERS
    }
    judge = partial(judge_users, instance.name, wanted | {"default": ["off"]})
    question = f"{_cli(instance, 'admin')} ACL LIST 2>&1"
    return Check("redis", f"users of {instance.name}", question, judge, _auth(passwords["admin"]))


def judge_users(instance: str, wanted: Mapping[str, Sequence[str]], answer: str) -> Verdict:
    """The users of the running server, rule by rule. Never shows a password's hash."""
    rows = [line.split() for line in answer.splitlines() if line.startswith("user ")]
    found = {row[1]: _said(row[2:]) for row in rows}
    if not found:
        raise ValueError(answer)
    strange = [f"{name} is declared nowhere" for name in sorted({*found} - {*wanted})]
    lost = [f"{name} is missing" for name in wanted if name not in found]
    changed = [
        f"{name} {_difference(found[name], _said(rules))}"
        for name, rules in wanted.items()
        if name in found and found[name] != _said(rules)
    ]
    faults = [f"{instance}: user {what}: ACL LIST, ACL LOAD" for what in strange + lost + changed]
    return Verdict(f"{instance}: {len(wanted)} users, the default one off", tuple(faults))


def _forbidden(instance: Instance, passwords: Mapping[str, str]) -> Check:
    commands = {
        f"{user}/{number}": f"{_cli(instance, 'admin')} ACL DRYRUN {user} {_words(command)}"
        for user, forbidden in FORBIDDEN.items()
        for number, command in enumerate(forbidden)
    }
    judge = partial(judge_forbidden, instance.name)
    auth = _auth(passwords["admin"])
    return Check("redis", f"refusals of {instance.name}", labelled(commands), judge, auth)


def judge_forbidden(instance: str, answer: str) -> Verdict:
    """Every forbidden command would be refused."""
    said, faults = by_label(answer), []
    for user, forbidden in FORBIDDEN.items():
        for number, command in enumerate(forbidden):
            if "has no permissions" not in (told := said[f"{user}/{number}"]):
                faults.append(f"{instance}: {user} is not refused {command} ({told}): ACL LIST")
    return Verdict(f"{instance}: {len(said)} forbidden commands are refused", tuple(faults))


def _doing(instance: Instance, passwords: Mapping[str, str]) -> Check:
    ask = _cli(instance, "application")
    commands = {
        "set": f"{ask} SET {KEY} works EX 60",
        "get": f"{ask} GET {KEY}",
        "config": f"{ask} CONFIG GET maxmemory",
        "del": f"{ask} DEL {KEY}",
        "nobody": f"env -u REDISCLI_AUTH redis-cli -p {instance.port} PING",
        "wrong": f"REDISCLI_AUTH=wrong {ask} PING",
    }
    judge = partial(judge_doing, instance.name)
    auth = _auth(passwords["application"])
    return Check("redis", f"logins of {instance.name}", labelled(commands), judge, auth)


def judge_doing(instance: str, answer: str) -> Verdict:
    """The application writes and reads, configures nothing, and nobody else gets in."""
    said = by_label(answer)
    wanted = {
        "set": ("OK", "the application cannot write"),
        "get": ("works", "the application cannot read what it wrote"),
        "config": ("NOPERM", "the application may read the configuration"),
        "del": ("1", "the application cannot delete"),
        "nobody": ("NOAUTH", "it answers without a login"),
        "wrong": ("WRONGPASS", "a wrong password is not refused"),
    }
    faults = tuple(
        f"{instance}: {fault} ({said[what]}): ACL LIST"
        for what, (word, fault) in wanted.items()
        if word not in said[what]
    )
    return Verdict(f"{instance}: the application writes and reads, strangers are refused", faults)


def _cli(instance: Instance, user: str) -> str:
    """The password comes from the environment."""
    return f"redis-cli -p {instance.port} --user {user}"


def _auth(password: str) -> dict[str, str]:
    return {"REDISCLI_AUTH": password}


def _digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()


def _words(command: str) -> str:
    return " ".join(f"'{word}'" for word in command.split())


def _said(rules: Sequence[str]) -> list[str]:
    return [rule for rule in rules if rule not in UNSAID]


def _difference(found: Sequence[str], asked: Sequence[str]) -> str:
    """In words, without a password's hash."""
    more = _shown(rule for rule in found if rule not in asked)
    less = _shown(rule for rule in asked if rule not in found)
    if not (more or less):
        return "has its rules in another order"
    return " and ".join(filter(None, (more and f"has {more} unasked", less and f"lacks {less}")))


def _shown(rules: Iterable[str]) -> str:
    return " ".join("(a password)" if rule.startswith("#") else rule for rule in rules)
