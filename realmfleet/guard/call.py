"""One call of pyinfra as values, and what is wrong with its options alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from realmfleet.fleet import Mistake

Command = Literal["deploy", "fact", "exec", "debug-inventory", "operation"]


@dataclass(frozen=True)
class Call:
    """What somebody typed: `options` are pyinfra's own, by their names in its code."""

    inventory: str
    operations: tuple[str, ...]
    options: Mapping[str, Any]

    @property
    def command(self) -> Command:
        """What pyinfra is about to do; it decides in the same order."""
        first = self.operations[0]
        if first in ("fact", "exec", "debug-inventory"):
            return first  # type: ignore[return-value]
        if all(name.endswith(".py") for name in self.operations):
            return "deploy"
        return "operation"

    @property
    def contacts(self) -> bool:
        """Whether droplets will be contacted."""
        return self.command != "debug-inventory"

    def patterns(self, option: Literal["limit", "exclude"]) -> tuple[str, ...]:
        """The patterns of --limit or --exclude."""
        return tuple(self.options.get(option) or ())

    @property
    def group_data(self) -> tuple[str, ...]:
        """Folders of further group data."""
        return tuple(self.options.get("group_data") or ())


def check_options(call: Call) -> Iterator[Mistake]:
    """Options with which pyinfra does less than it seems to, and exits 0."""
    if call.options.get("no_wait"):
        what = "pyinfra reports success although droplets have failed"
        yield Mistake("--no-wait", what, "Leave it out.")
    if call.options.get("dry") and call.options.get("yes"):
        what = "with both, pyinfra detects no change and reports none"
        yield Mistake("--dry -y", what, "Leave out -y (or PYINFRA_YES).")


def check_data(call: Call) -> Iterator[Mistake]:
    """Overlays that pyinfra would stumble over."""
    for entry in call.options.get("data") or ():
        if "=" not in entry:
            yield Mistake(f"--data {entry}", "no value", "Write it as key=value.")
