"""What a fleet does right now: asked of every droplet, shown on one screen."""

from realmfleet.status.model import Question, http

__all__ = ["Question", "http"]
