"""Why a secret cannot be had, in words for its operator."""


class SecretsError(Exception):
    """One line: what cannot be opened, and how to mend it. Never a value."""
