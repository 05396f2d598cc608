"""Whether a value in force is the one that was asked, whatever the unit it is shown in."""

import math
import re

from realmfleet.amounts import redis_mb

# https://www.postgresql.org/docs/17/config-setting.html#CONFIG-SETTING-NAMES-VALUES
_BYTES = {"B": 1.0, "kB": 1024.0, "MB": 1024.0**2, "GB": 1024.0**3, "TB": 1024.0**4}
_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_AMOUNT = re.compile(r"\s*(-?[0-9.]+(?:e-?\d+)?)\s*([A-Za-z]*)\s*")
_UNIT = re.compile(r"(\d*)([A-Za-z]+)")

# As PostgreSQL and PgBouncer take them.
_TRUTH = {"on": True, "true": True, "yes": True, "1": True}
_TRUTH |= {"off": False, "false": False, "no": False, "0": False}


def postgres_same(asked: str, found: str, unit: str, kind: str) -> bool:
    """`found`, `unit` and `kind` are setting, unit and vartype of pg_settings."""
    if kind == "bool":
        return _TRUTH.get(asked.lower()) == _TRUTH.get(found.lower())
    if kind in ("integer", "real"):
        return _same_number(asked, float(found), unit, whole=kind == "integer")
    if kind == "enum":
        return asked.lower() == found.lower()
    return asked == found


def redis_same(asked: str, found: str) -> bool:
    """`found` is what CONFIG GET says: bytes where a unit was written, old words for replicas."""
    return _redis_words(asked) == _redis_words(found)


def pgbouncer_same(asked: str, found: str) -> bool:
    """`found` is what SHOW CONFIG says: on and off as 1 and 0, seconds as they are."""
    if asked == found:
        return True
    if asked.lower() in _TRUTH and found.lower() in _TRUTH:
        return _TRUTH[asked.lower()] == _TRUTH[found.lower()]
    # unix_socket_mode: written in octal, shown in decimal.
    return asked.startswith("0") and asked.isdecimal() and found == str(int(asked, 8))


def _same_number(asked: str, found: float, unit: str, *, whole: bool) -> bool:
    match = _AMOUNT.fullmatch(asked)
    if match is None:
        return False
    number = float(match[1])
    if match[2]:
        number *= _scale(match[2]) / _scale(unit)
    # PostgreSQL rounds what does not divide evenly.
    return math.isclose(round(number) if whole else number, found)


def _scale(unit: str) -> float:
    """Bytes or seconds of one unit; pg_settings also has '8kB' and '16MB'."""
    match = _UNIT.fullmatch(unit)
    if match is None:
        return math.nan
    scale = _BYTES.get(match[2], _SECONDS.get(match[2], math.nan))
    return int(match[1] or 1) * scale


def _redis_words(value: str) -> list[str]:
    words = value.replace('""', "").split()
    return [_redis_word(word) for word in words]


def _redis_word(word: str) -> str:
    if re.fullmatch(r"\d+(?:k|kb|m|mb|g|gb)", word.lower()):
        return str(round(redis_mb(word) * 1024**2))
    return {"replica": "slave"}.get(word, word)
