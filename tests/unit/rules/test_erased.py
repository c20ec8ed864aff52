"""What is asked of a conversation whose contact was erased: nothing is done in a shell, wherever it is asked from."""

import pytest

from bridge.domain.assistant import AssistantAnswered, Task
from bridge.domain.conversations import ConversationStatus
from bridge.domain.decision import NOTHING
from bridge.domain.events import ButtonPressed, CommandGiven, FormSubmitted
from bridge.rules.owning_words import erased
from tests.unit.rules.builders import ANA, NOW, conversation, done, pressed, state
from tests.unit.rules.teams import given, private, submitted

SHELL = state(conversation=conversation(erased_at=NOW, status=ConversationStatus.CLOSED))
WORDS = ("reopen", "name Maria", "optin she said yes", "comment she is late", "merge #1003", "canned hours", "later 1h")


@pytest.mark.parametrize(
    "event", [*(given(f"#1042 {words}") for words in WORDS), pressed("claim", value=""), submitted()]
)
def test_nothing_is_done_for_a_contact_who_was_erased(event: CommandGiven | ButtonPressed | FormSubmitted) -> None:
    decision = done(SHELL, event)
    assert SHELL.conversation is not None
    assert private(decision) == erased(SHELL.conversation.number).text
    assert (decision.conversation, decision.messages, decision.contact) == (None, (), None)


@pytest.mark.parametrize("task", ["draft", "summary", "category"])
def test_an_answer_that_comes_after_the_erasure_is_written_nowhere(task: Task) -> None:
    late = AssistantAnswered(
        external_id="e", conversation=1042, task=task, person=ANA.key, model="m", milliseconds=3, answer="It is ready"
    )
    assert done(SHELL, late) == NOTHING
