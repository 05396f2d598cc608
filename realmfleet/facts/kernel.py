"""What the kernel runs with: values below /proc/sys and /sys, and whether they can be set here."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from pyinfra.api import FactBase


@dataclass(frozen=True)
class KernelState:
    """path -> value in force; `fixed` are paths that cannot be written on this machine."""

    values: dict[str, str]
    fixed: frozenset[str]
    container: bool
    swap_mb: int

    def in_force(self, path: str, value: str) -> bool:
        """Whether the kernel runs with this value."""
        now = self.values.get(path, "")
        # /sys shows the choices with the chosen one in brackets: "always [madvise] never".
        return now.split() == value.split() or f"[{value}]" in now.split()


class Kernel(FactBase[KernelState]):
    """The values of these paths below /proc/sys or /sys, in one exec."""

    def command(self, paths: list[str]) -> str:
        named = " ".join(shlex.quote(path) for path in sorted(paths))
        look = (
            'if [ -r "$f" ]; then echo "value $f $(tr -s "\\t\\n" "  " < "$f")"; fi; '
            '[ -w "$f" ] || echo "fixed $f"'
        )
        return (
            f"for f in {named}; do {look}; done; systemd-detect-virt -cq && echo container; "
            "awk '/^SwapTotal/ {print \"swap\", int($2 / 1024)}' /proc/meminfo"
        )

    @staticmethod
    def default() -> KernelState:
        return KernelState({}, frozenset(), container=False, swap_mb=0)

    def process(self, output: Iterable[str]) -> KernelState:
        values, fixed, container, swap_mb = {}, set(), False, 0
        for line in output:
            kind, *rest = line.split(" ", 2)
            if kind == "value":
                values[rest[0]] = rest[1].strip()
            elif kind == "fixed":
                fixed.add(rest[0])
            elif kind == "swap":
                swap_mb = int(rest[0])
            else:
                container = True
        return KernelState(values, frozenset(fixed), container, swap_mb)
