"""Amounts of memory as upstream configuration files write them."""

import re

# PostgreSQL: https://www.postgresql.org/docs/17/config-setting.html (case matters there).
_POSTGRES_KB = {"B": 1 / 1024, "kB": 1, "MB": 1024, "GB": 1024**2, "TB": 1024**3}

# Redis: 1k is 1000 bytes and 1kb is 1024, whatever the case. https://redis.io/docs/latest/
_REDIS_BYTES = {
    "": 1,
    "b": 1,
    "k": 1000,
    "kb": 1024,
    "m": 1000**2,
    "mb": 1024**2,
    "g": 1000**3,
    "gb": 1024**3,
}


def postgres_mb(value: object, unit_kb: int) -> float:
    """MiB of a PostgreSQL memory setting; a bare number counts in `unit_kb`. ValueError if odd."""
    number, unit = _split(value)
    if not unit:
        return number * unit_kb / 1024
    if unit not in _POSTGRES_KB:
        raise ValueError(f"{value!r} has no unit that PostgreSQL knows: B, kB, MB, GB or TB")
    return number * _POSTGRES_KB[unit] / 1024


def redis_mb(value: object) -> float:
    """MiB of a Redis memory setting. ValueError if it is none."""
    number, unit = _split(value)
    if unit.lower() not in _REDIS_BYTES:
        raise ValueError(f"{value!r} has no unit that Redis knows: k, kb, m, mb, g or gb")
    return number * _REDIS_BYTES[unit.lower()] / 1024**2


def postgres_text(mb: int) -> str:
    """As PostgreSQL writes it: 2048 -> '2GB', 640 -> '640MB'."""
    return f"{mb // 1024}GB" if mb and mb % 1024 == 0 else f"{mb}MB"


def floor_to(step: int, value: float) -> int:
    """The largest multiple of `step` that is not above the value."""
    return int(value // step) * step


def clamp(low: int, value: float, high: int) -> int:
    """The value as an integer, between both limits."""
    return int(max(low, min(value, high)))


def _split(value: object) -> tuple[float, str]:
    found = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", str(value))
    if found is None or isinstance(value, bool):
        raise ValueError(f"{value!r} is no amount of memory")
    return float(found[1]), found[2]
