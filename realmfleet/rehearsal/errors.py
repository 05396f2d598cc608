"""Why a rehearsal cannot go on, in words for its operator."""


class RehearsalError(Exception):
    """One readable message: what is missing or failed, and the next step."""
