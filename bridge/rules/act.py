"""One act of a teammate, whatever surface it came by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from bridge.domain.cards import Note
from bridge.domain.conversations import Conversation, ConversationStatus, State, Thread, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.effects import AnswerPrivately, DisarmTimer, Effect, Record, UpdateCard, UpdateNote
from bridge.domain.events import CommandGiven
from bridge.domain.people import ChatRef, Person, RoomRef
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules.people import teammate_of

SNOOZE_TIMER = "snooze"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who acts, where, by which surface, on what state.

    ``surface``: ``thread``, ``mention``, ``command``, ``button``, ``menu``, ``shortcut``, ``form``, ``reaction`` or
    ``edit``. ``argument``: what follows the action's name; ``people``, ``rooms``: those it names; ``cause``: id of the
    event; ``trigger``: lets a form be opened.
    """

    state: State
    actor: Person
    surface: str
    room: str
    thread: ChatRef | None
    line: LinePolicy | None
    policy: Policy
    now: datetime
    handle: str = ""
    pressed: ChatRef | None = None
    argument: str = ""
    people: tuple[Person, ...] = ()
    rooms: tuple[RoomRef, ...] = ()
    cause: str = ""
    trigger: str = ""

    @property
    def zone(self) -> tzinfo:
        """The zone of the times that who acts writes here."""
        mate = teammate_of(self.actor, self.policy)
        return mate.zone if mate is not None and mate.zone is not None else self.line_zone

    @property
    def line_zone(self) -> tzinfo:
        """The zone of what concerns the contact, whoever writes it."""
        return UTC if self.line is None else self.line.zone

    def tell(self, note: Note) -> Decision:
        """Answer the actor alone."""
        return Decision(effects=(self.private(note),))

    def private(self, note: Note) -> AnswerPrivately:
        """Return the effect that answers the actor alone."""
        return AnswerPrivately(self.actor, self.room, self.thread, note, self.handle)

    def record(self, act: str, message: str | None = None, detail: str = "") -> Record:
        """Return the entry that puts this act on record."""
        return Record(act, self.actor.key, self.surface, message, detail)

    def view(self) -> Thread | None:
        """Return the thread to answer in: the one acted in, else any that is still shown."""
        return nearest(self.state.threads, self.room)

    def cards(self) -> tuple[Effect, ...]:
        """Return the effects that draw every card of the conversation again."""
        return tuple(UpdateCard(thread.id) for thread in self.state.threads)

    def told(self, note: Note) -> tuple[Effect, ...]:
        """Return the effect that confirms an act whose surface shows nothing of it."""
        return (self.private(note),) if self.surface in UNSEEN else ()


UNSEEN = ("thread", "mention", "command", "form")
"""Surfaces on which an act leaves no trace of its own, unlike a button or reaction."""


def in_room(state: State, event: CommandGiven, argument: str, policy: Policy, now: datetime) -> Act:
    """Return the act of somebody who wrote ``/sms`` in a room and named no conversation."""
    here = RoomRef(event.platform, event.room)
    return Act(
        state=state,
        actor=event.author,
        surface="command",
        room=event.room,
        thread=None,
        line=next((line for line in policy.lines.values() if here in line.rooms), None),
        policy=policy,
        now=now,
        handle=event.handle,
        argument=argument,
    )


def plan_over(state: State, message: str, note: Note) -> tuple[Effect, ...]:
    """Return the effects that put ``note`` in the place of what told when a message leaves; its buttons go with it."""
    return tuple(UpdateNote(post.ref, note) for post in state.plans if post.message == message)


def nearest(threads: Sequence[Thread], room: str | None) -> Thread | None:
    """Return the thread in this room, else one where the conversation goes on, else any."""
    return min(
        threads,
        key=lambda thread: (thread.room != room, thread.state in (ThreadState.MOVED, ThreadState.LOST)),
        default=None,
    )


def joined(decision: Decision, *more: Decision) -> Decision:
    """Return the decision with what others decided about further messages."""
    return replace(
        decision,
        messages=(*decision.messages, *(message for one in more for message in one.messages)),
        posts=(*decision.posts, *(post for one in more for post in one.posts)),
        effects=(*decision.effects, *(effect for one in more for effect in one.effects)),
    )


def also(decision: Decision, *effects: Effect) -> Decision:
    """Return the decision with more effects at its end."""
    return replace(decision, effects=(*decision.effects, *effects))


def reopened(state: State, decision: Decision) -> Decision:
    """Return the decision of a reply, with the conversation open again if it was closed; a snooze goes on.

    What goes on in another conversation stays closed.
    """
    conversation = state.conversation
    if conversation is None or conversation.status is not ConversationStatus.CLOSED or conversation.merged is not None:
        return decision
    return opened(state, conversation, decision)


def opened(state: State, conversation: Conversation, decision: Decision) -> Decision:
    """Return the decision with the conversation open again."""
    now_open = replace(conversation, status=ConversationStatus.OPEN, closed_at=None, snoozed_until=None)
    cards = tuple(UpdateCard(thread.id) for thread in state.threads)
    return replace(also(decision, *cards, *disarmed(conversation)), conversation=now_open)


def disarmed(conversation: Conversation) -> tuple[Effect, ...]:
    """Return the effect that forgets the end of a snooze, if there is one to come."""
    due = conversation.snoozed_until is not None
    return (DisarmTimer(SNOOZE_TIMER, str(conversation.number)),) if due else ()
