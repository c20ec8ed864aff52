"""Whom a new text notifies."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.conversations import Absence, Conversation, ConversationStatus, Thread
from bridge.domain.effects import SILENT, Ring
from bridge.domain.people import Person, person_of
from bridge.domain.policy import LinePolicy, Policy


def ring(  # noqa: PLR0917 - what was, what is, and whom it may call
    before: Conversation | None,
    after: Conversation,
    line: LinePolicy,
    policy: Policy,
    now: datetime,
    away: tuple[Absence, ...] = (),
) -> Ring:
    """Return whom a text rings: the assignee and watchers, else the team; a quiet thread shows in the room too.

    Who is away is not rung; where that is the assignee, the team is.

    ``before``: the conversation as it was, None when the text began it. Somebody's second text in a row does not ring
    the team again. A blocked contact's rings nobody.
    """
    if after.blocked:
        return SILENT
    there = present(after, away)
    people = dict.fromkeys(there.watchers)
    if there.assignee is not None and line.ping != "nobody":
        people = dict.fromkeys((there.assignee, *people))
    first = before is None or before.waiting_since is None or before.answer_held_until is not None
    calls = first and calls_room(there, line, policy)
    return Ring(tuple(map(person_of, people)), room=calls, bump=_is_quiet(before, line, now))


def present(conversation: Conversation, away: tuple[Absence, ...]) -> Conversation:
    """Return the conversation as if nobody who is away had to do with it."""
    gone = {one.person for one in away}
    return replace(
        conversation,
        assignee=None if conversation.assignee in gone else conversation.assignee,
        watchers=tuple(key for key in conversation.watchers if key not in gone),
    )


def calls_room(conversation: Conversation, line: LinePolicy, policy: Policy) -> bool:
    """Tell whether the team's whole room is called when something waits: nobody is assigned, and the team wants it."""
    team = policy.teams.get(conversation.team or line.team or "")
    return line.ping == "team" and conversation.assignee is None and team is not None and team.room_mention


def _is_quiet(before: Conversation | None, line: LinePolicy, now: datetime) -> bool:
    if before is None or not line.bump_after:
        return False
    if before.status is ConversationStatus.SNOOZED:
        return True
    last = max(filter(None, (before.last_inbound_at, before.last_outbound_at, before.created_at)))
    return now - last >= line.bump_after


def in_thread(whom: Ring, thread: Thread, *, is_new: bool) -> Ring:
    """Return the part of a ring that this thread's platform can do; a card just posted is seen in the room anyway."""
    people: tuple[Person, ...] = tuple(person for person in whom.people if person.platform == thread.platform)
    return Ring(people, whom.room, whom.bump and not is_new)
