"""What the parts of the queue are called on every platform."""

from bridge.domain.queue import COUNTED, Section

TITLES: dict[Section, str] = {
    "mine": "Mine",
    "unassigned": "Unassigned",
    "waiting": "Waiting longest",
    "breached": "Overdue",
    "held": "Held",
    "failed": "Failed",
    "snoozed": "Snoozed",
}
SINCE: dict[Section, str] = {
    "mine": "waiting since",
    "unassigned": "since",
    "waiting": "waiting since",
    "breached": "overdue since",
    "held": "reply held since",
    "failed": "not delivered",
    "snoozed": "until",
}
PRIVATE_SHOWN = 10
"""Entries of a private answer."""


def many(number: int) -> str:
    """A count, as far as it was counted."""
    return str(number) if number < COUNTED else f"{COUNTED - 1}+"
