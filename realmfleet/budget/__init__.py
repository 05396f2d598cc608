"""One droplet's memory divided among everything that the inventory puts on it."""

from realmfleet.budget.check import check_memory
from realmfleet.budget.model import Budget, Row
from realmfleet.budget.sessions import max_sessions, pool_sessions
from realmfleet.budget.split import budget

__all__ = ["Budget", "Row", "budget", "check_memory", "max_sessions", "pool_sessions"]
