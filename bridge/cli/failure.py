"""Errors as an operator sees them: one or two plain sentences with the remedy."""


class Failure(Exception):
    """What went wrong and what to do, for standard error; ends the command with ``code``."""

    def __init__(self, message: str, *, code: int = 1) -> None:
        """Keep the sentences."""
        super().__init__(message)
        self.code = code
