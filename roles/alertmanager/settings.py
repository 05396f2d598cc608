"""How soon and how often somebody is told of an alert, by its severity."""

import re
from collections.abc import Iterator

from realmfleet.fleet import Droplet, Fleet, Mistake
from realmfleet.settings import Setting, Settings, WishError, check_names, lay

SEVERITIES = ("critical", "warning")

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(\d+)([smhd])")

# The heartbeat looks so often, and tells after so long: longer than a deploy's restart.
HEARTBEAT_EVERY_S = 15
HEARTBEAT_FOR_S = 60


def settings(_fleet: Fleet, droplet: Droplet) -> Settings:
    """Every interval, named after its severity: 'critical.repeat_interval'."""
    return Settings(
        Setting(f"{severity}.{s.name}", s.value, s.reason, s.origin)
        for severity, laid in routes(droplet).items()
        for s in laid.values()
    )


def routes(droplet: Droplet) -> dict[str, Settings]:
    """The intervals of each severity. Raises WishError for unknown names and odd durations."""
    key = "alertmanager_settings"
    wished = droplet.data.get(key, {})
    check_names(wished, SEVERITIES, f"{droplet.name}: {key}")
    laid = {}
    for severity in SEVERITIES:
        source = f"{droplet.name}: {key}: {severity}"
        advice = tuple(_advice(severity))
        wishes = wished.get(severity, {})
        check_names(wishes, [setting.name for setting in advice], source)
        laid[severity] = lay(advice, wishes, (), source)
        _check(laid[severity], source)
    return laid


def seconds(setting: Setting) -> int:
    """A duration as upstream writes it, in seconds."""
    match = _DURATION.fullmatch(setting.text)
    if match is None:
        raise ValueError(f"{setting.text!r} is no duration")
    return int(match[1]) * _UNITS[match[2]]


def _advice(severity: str) -> Iterator[Setting]:
    critical = severity == "critical"
    why = "longer than two scrapes are apart: what falls together is told together"
    yield Setting("group_wait", "20s" if critical else "30s", why)
    yield Setting("group_interval", "1m" if critical else "5m", "when more joins, or all is well")
    why = "once more, should the first have been overlooked"
    yield Setting("repeat_interval", "1h" if critical else "1d", why)


def _check(laid: Settings, source: str) -> None:
    for setting in laid.values():
        try:
            seconds(setting)
        except ValueError as error:
            mend = "Write it as 30s, 5m, 4h or 1d."
            what = f"{setting.name}: {error}"
            raise WishError([Mistake(source, what, mend)]) from None
