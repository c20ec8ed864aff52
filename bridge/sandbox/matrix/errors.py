"""What goes wrong with the homeserver."""


class MatrixFailed(Exception):
    """The homeserver cannot be used; the text says why and what to do, for the person at the terminal or page."""
