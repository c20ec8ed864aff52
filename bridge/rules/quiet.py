"""Quiet hours: when it is the contact's night, which texts wait for its end, and until when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from bridge.domain.conversations import Conversation, State
from bridge.domain.decision import Decision
from bridge.domain.effects import ArmTimer, Effect, PostNote, Record
from bridge.domain.messages import Hold, Message, MessageStatus, Purpose
from bridge.domain.people import Contact
from bridge.domain.policy import LinePolicy, Policy, QuietHours
from bridge.rules import quiet_words as words
from bridge.rules import zones
from bridge.rules.act import nearest
from bridge.rules.marking import written

QUIET_TIMER = "quiet"
LOOK_AHEAD = timedelta(days=2)
"""Zones that have no waking moment in common for so long never have one."""


def is_quiet(hours: QuietHours, zone: tzinfo, at: datetime) -> bool:
    """Tell whether clocks in ``zone`` show a time of the night."""
    clock = at.astimezone(zone).time()
    if hours.start < hours.end:
        return hours.start <= clock < hours.end
    return clock >= hours.start or clock < hours.end


def over(hours: QuietHours, zones: Sequence[tzinfo], now: datetime) -> datetime | None:
    """Return the first moment from ``now`` on that is night in none of the zones; None: there is none for two days.

    Where clocks jump over the end of the night, it ends when they show a time that is as much later.
    """
    at = now
    while at - now <= LOOK_AHEAD:
        dark = next((zone for zone in zones if is_quiet(hours, zone, at)), None)
        if dark is None:
            return at
        at = _next(hours.end, dark, at)
    return None


def begins(hours: QuietHours, zones: Sequence[tzinfo], now: datetime) -> datetime:
    """Return when the night begins next in any of the zones, later than ``now``."""
    return min(_next(hours.start, zone, now) for zone in zones)


def _next(clock: time, zone: tzinfo, after: datetime) -> datetime:
    """Return when clocks in ``zone`` show this time next, later than ``after``, in UTC."""
    today = after.astimezone(zone).date()
    days = (today, today + timedelta(days=1), today + timedelta(days=2))
    shown = (datetime.combine(day, clock, zone).replace(fold=fold) for day in days for fold in (0, 1))
    return min(at for at in (local.astimezone(UTC) for local in shown) if at > after)


def texted(state: State, message: Message | None) -> tuple[Conversation | None, Contact | None]:
    """Return the conversation and the contact that a message is texted by and to."""
    via = message.via if message is not None else None
    related = (*state.joined, *((state.via,) if state.via is not None else ()))
    route = next((one for one in related if one.conversation.number == via), None)
    return (state.conversation, state.contact) if route is None else (route.conversation, route.contact)


def zones_of(contact: Contact | None, line: LinePolicy, hours: QuietHours, now: datetime) -> tuple[tzinfo, ...]:
    """Return the zones that must all allow a text: the contact's own, else those of the number, else the line's.

    A number that says nothing of a place, or so little that its zones are never awake together, is taken to be where
    the line is.
    """
    own = zones.zone(contact.zone) if contact is not None and contact.zone is not None else None
    if own is not None:
        return (own,)
    guessed = zones.candidates(contact.address) if contact is not None else ()
    return guessed if guessed and over(hours, guessed, now) is not None else (line.zone,)


def _bound(message: Message, hours: QuietHours) -> bool:
    """Tell whether a text keeps the quiet hours."""
    if message.overrode is not None or message.purpose is Purpose.CONFIRMATION:
        return False
    if message.purpose is Purpose.AUTOMATIC:
        return hours.automatic == "hold"
    return message.purpose is not Purpose.REPLY or hours.replies == "hold"


def held_until(state: State, message: Message, policy: Policy, now: datetime) -> datetime | None:
    """Return when a text may leave that would leave now in the contact's night; None: it may."""
    conversation, contact = texted(state, message)
    line = policy.lines.get(conversation.line) if conversation is not None else None
    if line is None or line.quiet is None or not _bound(message, line.quiet):
        return None
    end = over(line.quiet, zones_of(contact, line, line.quiet, now), now)
    return end if end is not None and end > now else None


def leaves_at(state: State, message: Message, policy: Policy, at: datetime) -> datetime:
    """Return when a text that was planned for ``at`` leaves: then, or when the contact's night is over."""
    return held_until(state, message, policy, at) or at


def valid_for(state: State, message: Message, policy: Policy, now: datetime) -> timedelta | None:
    """Return how long a text may wait at provider and carrier so that it does not come at night; None: for ever."""
    conversation, contact = texted(state, message)
    line = policy.lines.get(conversation.line) if conversation is not None else None
    if line is None or line.quiet is None or not _bound(message, line.quiet):
        return None
    return begins(line.quiet, zones_of(contact, line, line.quiet, now), now) - now


def hold_for_night(state: State, message: Message, until: datetime, policy: Policy, now: datetime) -> Decision:
    """Keep a text until the contact's night is over, and tell the thread when it leaves."""
    held = replace(message, status=MessageStatus.HELD, hold=Hold.QUIET, reasons=(), release_at=until)
    conversation, contact = texted(state, message)
    line = policy.lines[conversation.line] if conversation is not None else None
    assert line is not None and line.quiet is not None  # noqa: S101, PT018 - it is their night that it is held for
    dark = next(zone for zone in zones_of(contact, line, line.quiet, now) if is_quiet(line.quiet, zone, now))
    note = words.held(held, until, now.astimezone(dark), by_hand=line.quiet.override != "nobody")
    thread = nearest(state.threads, message.origin.room if message.origin else None)
    effects: tuple[Effect, ...] = (
        *((PostNote(thread.id, note, message.id),) if thread is not None else ()),
        ArmTimer(QUIET_TIMER, message.id, until),
        Record("held_for_night", "bridge", "timer", message.id, until.isoformat()),
    )
    return written(held, *effects)
