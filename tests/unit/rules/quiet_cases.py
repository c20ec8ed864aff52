"""What tests of the contact's night work with."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from bridge.domain.conversations import State
from bridge.domain.messages import Hold, Message, MessageStatus
from bridge.domain.people import Contact
from bridge.domain.policy import Policy, QuietHours
from tests.unit.rules.builders import (
    CONTACT,
    line,
    policy,
    reply,
    state,
)

NIGHT = QuietHours(start=time(21), end=time(8), replies="hold")
LISBON = Contact("c1", CONTACT, "Maria", zone="Europe/Lisbon")
LATE = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
QUEUED = reply(status=MessageStatus.QUEUED, hold=None, release_at=None)
SLEEPING = reply(hold=Hold.QUIET, release_at=MORNING)


def at_night(quiet: QuietHours = NIGHT, **changed: Any) -> Policy:
    """A line whose contacts sleep."""
    return policy(line(quiet=quiet, undo=timedelta(0)), **changed)


def sleeping(message: Message | None = None, **changed: Any) -> State:
    """A contact in Lisbon."""
    return state(message, **{"contact": LISBON, **changed})
