"""Encrypted rooms: keys, sealing, opening, and the bot's own cross-signing.

Only ``installed`` may be asked without the extra ``textbridge[e2e]``; everything else here needs it.
"""

from importlib.util import find_spec

EXTRA = "textbridge[e2e]"
PIP = f'pip install "{EXTRA}"'
INSTALL = f"{PIP}, then start the bridge again."
NEEDS_EXTRA = f"The room is encrypted, and this installation cannot encrypt: {INSTALL}"


def installed() -> bool:
    """Whether the extra is there."""
    return all(find_spec(name) is not None for name in ("vodozemac", "peewee", "cachetools"))
