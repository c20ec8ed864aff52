"""Teammates who write in the same thread at the same time."""

from datetime import timedelta

import pytest

from bridge.domain.cards import INSERT
from bridge.domain.conversations import ConversationStatus, State
from bridge.domain.effects import PostNote
from bridge.domain.events import WritingTogether
from bridge.domain.people import ChatRef
from bridge.rules.decide import decide
from tests.unit.rules.builders import ANA, NOW, ROOT, conversation, policy, state
from tests.unit.rules.teams import BEN


def seen(seconds: float = 0, thread: ChatRef = ROOT) -> WritingTogether:
    return WritingTogether(external_id="t", thread=thread, people=(ANA, BEN), at=NOW - timedelta(seconds=seconds))


def test_they_are_told_of_each_other_in_the_thread() -> None:
    [told] = decide(state(), seen(), policy(), NOW).effects
    assert isinstance(told, PostNote)
    assert (told.thread, told.note.text) == ("t1", f"✍️ {INSERT} and {INSERT} are writing here.")
    assert (told.note.inserts, told.note.quiet) == ((ANA, BEN), False)


@pytest.mark.parametrize(
    ("before", "event"),
    [
        (state(), seen(31)),
        (state(), seen(thread=ChatRef("slack", "C1", "0.1"))),
        (State(), seen()),
        (state(conversation=conversation(status=ConversationStatus.CLOSED)), seen()),
    ],
    ids=["too late", "no thread of ours", "no conversation", "closed"],
)
def test_nobody_is_told_what_does_not_help(before: State, event: WritingTogether) -> None:
    assert decide(before, event, policy(), NOW).effects == ()
