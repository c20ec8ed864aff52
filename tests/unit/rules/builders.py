"""States, events and policies that read as sentences."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.domain.content import Content, Mention, Text
from bridge.domain.conversations import (
    ChatPost,
    Conversation,
    ConversationStatus,
    State,
    Thread,
    ThreadState,
)
from bridge.domain.decision import Decision
from bridge.domain.effects import Record
from bridge.domain.events import ButtonPressed, ChatDeleted, ChatEdited, ChatPosted, ReactionChanged, TextReceived
from bridge.domain.messages import Hold, Message, MessageKind, MessageStatus
from bridge.domain.people import ChatRef, Contact, Person, RoomRef, Teammate
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules.act import Act
from bridge.rules.decide import decide

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
LINE = "+15550001000"
CONTACT = "+15550100200"
ROOM = RoomRef("slack", "C1")
ROOT = ChatRef("slack", "C1", "1.0")
REPLY = ChatRef("slack", "C1", "2.0")
NOTE = ChatRef("slack", "C1", "3.0")
ANA = Person("slack", "U1")


def line(**changed: Any) -> LinePolicy:
    """The front desk, where who answers first does not become the assignee."""
    plain = LinePolicy(name="front-desk", account="main", address=LINE, rooms=(ROOM,))
    return replace(plain, **{"first_responder_becomes_assignee": False, **changed})


def policy(the_line: LinePolicy | None = None, **changed: Any) -> Policy:
    """A policy with one line."""
    the_line = the_line or line()
    return replace(Policy(lines={the_line.name: the_line}), **changed)


def conversation(**changed: Any) -> Conversation:
    """An open conversation somebody waits in."""
    plain = Conversation(
        number=1042,
        line="front-desk",
        contact="c1",
        status=ConversationStatus.OPEN,
        created_at=NOW - timedelta(days=1),
        waiting_since=NOW - timedelta(minutes=5),
        last_inbound_at=NOW - timedelta(minutes=5),
    )
    return replace(plain, **changed)


def thread(**changed: Any) -> Thread:
    """The thread of the conversation in its room."""
    plain = Thread(
        id="t1",
        conversation=1042,
        platform="slack",
        room="C1",
        state=ThreadState.OPEN,
        created_at=NOW - timedelta(days=1),
        root=ROOT,
    )
    return replace(plain, **changed)


def reply(**changed: Any) -> Message:
    """A reply in its undo window."""
    plain = Message(
        id="m1",
        conversation=1042,
        kind=MessageKind.REPLY,
        body="Yes, until six",
        status=MessageStatus.HELD,
        hold=Hold.UNDO,
        created_at=NOW,
        author=ANA.key,
        origin=REPLY,
        release_at=NOW + timedelta(seconds=5),
        ticket=1,
        segments=1,
    )
    return replace(plain, **changed)


def guarded(**changed: Any) -> Message:
    """A reply that waits for a person."""
    return reply(hold=Hold.GUARD, release_at=None, ticket=0, reasons=("it mentions somebody",), **changed)


def state(message: Message | None = None, **changed: Any) -> State:
    """The conversation with its thread, about ``message``."""
    plain = State(
        conversation=conversation(),
        contact=Contact("c1", CONTACT, "Maria"),
        threads=(thread(),),
        message=message,
        pending=(message,) if message else (),
    )
    return replace(plain, **changed)


def asked(message: Message) -> State:
    """The same with the bot's question in the thread."""
    return state(message, notes=(ChatPost(ref=NOTE, conversation=1042, role="note", message=message.id),))


def content(*words: str | Mention) -> Content:
    """What was written."""
    return tuple(Text(word) if isinstance(word, str) else word for word in words)


def posted(*words: str | Mention, **changed: Any) -> ChatPosted:
    """Ana writes in the thread."""
    plain = ChatPosted(external_id="e1", ref=REPLY, thread=ROOT, author=ANA, content=content(*words))
    return replace(plain, **changed)


def edited(*words: str | Mention, **changed: Any) -> ChatEdited:
    """Ana changes what she wrote."""
    plain = ChatEdited(external_id="e2", ref=REPLY, thread=ROOT, author=ANA, content=content(*words))
    return replace(plain, **changed)


def deleted(**changed: Any) -> ChatDeleted:
    """Ana deletes what she wrote."""
    return replace(ChatDeleted(external_id="e3", ref=REPLY, thread=ROOT), **changed)


def pressed(action: str, **changed: Any) -> ButtonPressed:
    """Ana presses a button on the bot's note."""
    plain = ButtonPressed(
        external_id="e4", ref=NOTE, thread=ROOT, author=ANA, action=action, value="m1", handle="https://answer"
    )
    return replace(plain, **changed)


def reacted(name: str, *, added: bool = True, **changed: Any) -> ReactionChanged:
    """Ana reacts to her reply."""
    plain = ReactionChanged(external_id="e5", ref=REPLY, author=ANA, name=name, added=added)
    return replace(plain, **changed)


def text(body: str = "Hello", **changed: Any) -> TextReceived:
    """Maria texts."""
    plain = TextReceived(
        account="main", external_id="SM1", provider_id="SM1", sender=CONTACT, recipient=LINE, body=body
    )
    return replace(plain, **changed)


def done(the_state: State, event: Any, the_line: LinePolicy | None = None, **changed: Any) -> Decision:
    """What is decided."""
    return decide(the_state, event, policy(the_line, **changed), NOW)


def kinds(decision: Decision) -> list[str]:
    """The effects by name, in order."""
    return [type(effect).__name__ for effect in decision.effects]


def acts(decision: Decision) -> list[str]:
    """What went on record."""
    return [effect.act for effect in decision.effects if isinstance(effect, Record)]


def observer() -> tuple[Teammate, ...]:
    """Ana as one who only watches."""
    return (Teammate("ana", (("slack", "U1"),), "observer"),)


def act(the_state: State, **changed: Any) -> Act:
    """Ana does something in the thread."""
    plain = Act(
        state=the_state,
        actor=ANA,
        surface="thread",
        room="C1",
        thread=ROOT,
        line=line(),
        policy=policy(),
        now=NOW,
    )
    return replace(plain, **changed)
