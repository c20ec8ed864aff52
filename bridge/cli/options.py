"""What every command is told."""

from pathlib import Path


class _Options:
    config = Path("textbridge.yaml")
    debug = False


options = _Options()
