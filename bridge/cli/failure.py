"""Errors as an operator sees them: one or two plain sentences with the remedy."""


class Failure(Exception):
    """What went wrong and what to do, for standard error; ends the command with ``code``.

    ``said`` is what went wrong; ``remedy``, where it is known by itself, what to do.
    """

    def __init__(self, message: str, *, code: int = 1, remedy: str = "") -> None:
        """Keep the sentences."""
        super().__init__(f"{message} {remedy}" if remedy else message)
        self.code = code
        self.said = message
        self.remedy = remedy
