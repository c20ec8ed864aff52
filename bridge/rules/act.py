"""One act of a teammate, whatever surface it came by."""

from dataclasses import dataclass, replace
from datetime import datetime

from bridge.domain.cards import Note
from bridge.domain.conversations import ConversationStatus, State, Thread
from bridge.domain.decision import Decision
from bridge.domain.effects import AnswerPrivately, Effect, Record, UpdateCard
from bridge.domain.people import ChatRef, Person
from bridge.domain.policy import LinePolicy, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who acts, where, by which surface (``thread``, ``button``, ``reaction``), on what state."""

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
        here = [thread for thread in self.state.threads if thread.room == self.room]
        return next(iter(here or self.state.threads), None)


def also(decision: Decision, *effects: Effect) -> Decision:
    """Return the decision with more effects at its end."""
    return replace(decision, effects=(*decision.effects, *effects))


def reopened(state: State, decision: Decision) -> Decision:
    """Return the decision with the conversation open again, if it was not."""
    conversation = state.conversation
    if conversation is None or conversation.status is ConversationStatus.OPEN:
        return decision
    now_open = replace(conversation, status=ConversationStatus.OPEN, closed_at=None)
    cards = tuple(UpdateCard(thread.id) for thread in state.threads)
    return replace(also(decision, *cards), conversation=now_open)
