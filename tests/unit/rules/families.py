"""Conversations merged into one another: #1001 of a second number goes on in #1042 of Maria's."""

from dataclasses import replace
from typing import Any

from bridge.domain.conversations import Conversation, ConversationStatus, Merged, Related, State, Thread, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.effects import PostNote, Record
from bridge.domain.people import ChatRef, Contact
from tests.unit.rules.builders import NOW, acts, conversation, state, thread

SECOND = "+15550100300"
SECOND_ROOT = ChatRef("slack", "C1", "5.0")


def second(**changed: Any) -> Conversation:
    """The conversation of the second number, by itself."""
    return conversation(**{"number": 1001, "contact": "c2", **changed})


def merged(into: int = 1042, **changed: Any) -> Conversation:
    """The same, merged."""
    record = replace(Merged(into=into, at=NOW, status=ConversationStatus.OPEN), **changed)
    return second(status=ConversationStatus.CLOSED, closed_at=NOW, waiting_since=None, merged=record)


def second_thread(**changed: Any) -> Thread:
    """Its thread."""
    plain = Thread(
        id="t9",
        conversation=1001,
        platform="slack",
        room="C1",
        state=ThreadState.OPEN,
        created_at=NOW,
        root=SECOND_ROOT,
    )
    return replace(plain, **changed)


def related(one: Conversation, *threads: Thread, name: str | None = None) -> Related:
    """As another conversation sees it."""
    return Related(conversation=one, contact=Contact("c2", SECOND, name), threads=threads or (second_thread(),))


def apart(**changed: Any) -> State:
    """The state of #1001 before it is merged into #1042, which a command names."""
    plain = State(
        conversation=second(),
        contact=Contact("c2", SECOND),
        threads=(second_thread(),),
        other=state(),
        fresh_number=1050,
    )
    return replace(plain, **changed)


def together(one: Conversation | None = None, **changed: Any) -> State:
    """The state of #1042 with #1001 merged in."""
    inner = one or merged()
    home = changed.pop("conversation", conversation(joined=(inner.number,)))
    return state(conversation=home, joined=(related(inner),), **changed)


def left(one: Conversation | None = None, **changed: Any) -> State:
    """The state of #1001 while it goes on in #1042."""
    goal = Related(
        conversation=conversation(joined=(1001,)), contact=Contact("c1", "+15550100200", "Maria"), threads=(thread(),)
    )
    return apart(**{"conversation": one or merged(), "chain": (goal,), "other": None, **changed})


def after(decision: Decision, number: int) -> Conversation:
    """The conversation of this number as the decision leaves it."""
    found = [one for one in (decision.conversation, *decision.others) if one is not None and one.number == number]
    assert len(found) == 1
    return found[0]


def records(decision: Decision) -> list[tuple[str, int | None, str]]:
    return [(one.act, one.conversation, one.detail) for one in decision.effects if isinstance(one, Record)]


def notes(decision: Decision) -> list[PostNote]:
    return [one for one in decision.effects if isinstance(one, PostNote)]


def unchanged(decision: Decision) -> bool:
    return (decision.conversation, decision.others, decision.contacts, acts(decision)) == (None, (), (), [])
