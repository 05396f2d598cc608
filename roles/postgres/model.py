"""Roles, databases, grants and access rules as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Role:
    """A role of the cluster. `secret` names its password; without one nobody logs in over TCP.

    `settings` are laid on it by ALTER ROLE ... SET, in upstream's spelling.
    """

    name: str
    why: str
    login: bool = True
    secret: str = ""
    replication: bool = False
    member_of: tuple[str, ...] = ()
    connection_limit: int = -1
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Grant:
    """What one role may do in one schema; also with what the owner makes there later."""

    role: str
    schema: str
    tables: tuple[str, ...]
    sequences: tuple[str, ...]


@dataclass(frozen=True)
class Database:
    """A database: PUBLIC may not even connect, `connect` may, the owner owns all schemas."""

    name: str
    owner: str
    schemas: tuple[str, ...]
    connect: tuple[str, ...]
    grants: tuple[Grant, ...]
    extensions: tuple[str, ...] = ("timescaledb",)
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Access:
    """Everything that the deploy converges to. What is not named here, it leaves alone."""

    roles: tuple[Role, ...]
    databases: tuple[Database, ...]


@dataclass(frozen=True)
class HbaLine:
    """One line of pg_hba.conf. https://www.postgresql.org/docs/17/auth-pg-hba-conf.html"""

    kind: str
    databases: tuple[str, ...]
    users: tuple[str, ...]
    method: str
    why: str
    address: str = ""

    @property
    def text(self) -> str:
        """The line as PostgreSQL reads it."""
        names = (",".join(self.databases), ",".join(self.users))
        return " ".join(word for word in (self.kind, *names, self.address, self.method) if word)

    def __str__(self) -> str:
        return self.text
