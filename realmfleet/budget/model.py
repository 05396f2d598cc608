"""The budget as frozen values: rows, their sums, and the sum written out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One tenant of a droplet's memory, in MiB.

    `reserved_mb` is its worst case and must fit; `expected_mb` is what it keeps resident (PSS)
    under the players that its size is made for, with a young database: what a cache holds
    grows with the data, up to what is reserved. `service` is the service that brings it.
    """

    service: str
    tenant: str
    reserved_mb: int
    expected_mb: int
    reason: str


@dataclass(frozen=True)
class Budget:
    """What every tenant of one droplet may use; `memory_mb` is what the size promises."""

    droplet: str
    memory_mb: int
    rows: tuple[Row, ...]

    def share(self, service: str) -> int:
        """MiB reserved for a service, all of its rows together. KeyError if it is not here."""
        shares = [row.reserved_mb for row in self.rows if row.service == service]
        if not shares:
            raise KeyError(service)
        return sum(shares)

    def tenant(self, name: str) -> int:
        """MiB reserved for one row. KeyError if it is not here."""
        for row in self.rows:
            if row.tenant == name:
                return row.reserved_mb
        raise KeyError(name)

    @property
    def reserved_mb(self) -> int:
        """The worst case of everything at once."""
        return sum(row.reserved_mb for row in self.rows)

    @property
    def expected_mb(self) -> int:
        """What is resident in steady state, without the page cache."""
        return sum(row.expected_mb for row in self.rows)

    @property
    def free_mb(self) -> int:
        """What the worst case leaves; negative where it does not fit."""
        return self.memory_mb - self.reserved_mb

    @property
    def fits(self) -> bool:
        """Whether the droplet cannot run out of memory."""
        return self.free_mb >= 0

    @property
    def text(self) -> str:
        """The sum written out: '4301 MB = kernel 96 + sshd 96 + ...'."""
        parts = " + ".join(f"{row.tenant} {row.reserved_mb}" for row in self.rows)
        return f"{self.reserved_mb} MB = {parts}"
