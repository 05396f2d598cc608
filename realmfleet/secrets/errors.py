"""Why a secret cannot be had, in words for its operator."""

from realmfleet.fleet import Mistake


class SecretsError(Exception):
    """One line: where it stands, what is wrong, how to mend it. Never a value."""

    def __init__(self, entry: object, what: str, mend: str) -> None:
        self.mistake = Mistake(str(entry), what, mend)
        super().__init__(str(self.mistake))
