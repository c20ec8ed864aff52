"""Rows that ask the assistant: what it is shown, and how its answer comes back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.assistant import AskAssistant, AssistantAnswered, AssistantPolicy, Prompt
from bridge.domain.decision import Decision
from bridge.domain.messages import Message, MessageKind
from bridge.observability import ALARMS
from bridge.pipeline.assistant_calls import STALE_SECONDS, AssistantCalls
from bridge.pipeline.enqueue import ASSISTANT, drafts, is_configured
from bridge.pipeline.in_force import InForce
from bridge.pipeline.outcomes import succeeded
from bridge.ports.errors import CredentialsRejected, SendDeferred
from tests.unit.pipeline.scripted import Script, a_call, outside, row
from tests.unit.rules.builders import ANA, NOW, policy, reply, state

OWN = AssistantPolicy(model="small-1", categories={"pricing": "what it costs"})


class Model:
    """Answers, or raises."""

    def __init__(self, answer: str | Exception = "Hello") -> None:
        self.answer = answer
        self.asked: list[Prompt] = []

    async def complete(self, prompt: Prompt) -> str:
        self.asked.append(prompt)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Talk(Script):
    """Three messages."""

    def words_since(self, conversation: int, since: Any, limit: int) -> list[Message]:
        names = ("a", "b", "c")
        return [replace(reply(), id=name, body=f"text {name}", kind=MessageKind.INBOUND) for name in names]


class Silence(Script):
    """Nothing was said."""

    def words_since(self, conversation: int, since: Any, limit: int) -> list[Message]:
        return []


def planned(
    asked: AskAssistant, model: Model | None, script: Script | None = None, *, age: float = 0.0, own: Any = OWN
) -> Any:
    [draft] = drafts(state(), Decision(effects=(asked,)))
    calls = AssistantCalls(replace(outside(in_force=InForce(policy(assistant=own))), assistant=model))
    claimed = row("AskAssistant", dict(draft.payload), target=draft.target, message=draft.message)
    return calls.ask((script or Talk()).unit, claimed, NOW + timedelta(seconds=age))


async def answered(asked: AskAssistant, model: Model, script: Script | None = None) -> AssistantAnswered:
    call = a_call(planned(asked, model, script))
    event = succeeded(call, await call.run(), NOW).settlement.event
    assert isinstance(event, AssistantAnswered)
    return event


async def test_a_text_is_shown_with_what_was_said_before_it() -> None:
    model = Model()
    event = await answered(AskAssistant(task="category", message="b"), model)
    assert (event.task, event.message, event.answer, event.problem) == ("category", "b", "Hello", "")
    assert "text b" in model.asked[0].user
    assert "text c" not in model.asked[0].user


@pytest.mark.parametrize("task", ["draft", "summary"])
async def test_a_draft_and_a_summary_are_shown_all_of_it(task: Any) -> None:
    model = Model()
    event = await answered(AskAssistant(task=task, person=ANA.key), model)
    assert (event.task, event.person, event.model) == (task, ANA.key, "small-1")
    assert "text c" in model.asked[0].user


async def test_a_failure_comes_back_in_words() -> None:
    late = await answered(AskAssistant(task="draft"), Model(SendDeferred("it took too long")))
    assert (late.answer, late.problem) == ("", "it took too long")
    refused = await answered(AskAssistant(task="draft"), Model(CredentialsRejected("no")))
    assert refused.problem == "it refuses the key"
    assert ALARMS.labels("credentials refused", ASSISTANT)._value.get() == 1
    await answered(AskAssistant(task="draft"), Model())
    assert ALARMS.labels("credentials refused", ASSISTANT)._value.get() == 0


async def test_where_nothing_was_said_it_is_not_asked() -> None:
    model = Model()
    for asked, script in (
        (AskAssistant(task="draft"), Silence()),
        (AskAssistant(task="category", message="x"), Talk()),
    ):
        assert (await answered(asked, model, script)).problem == "nothing was said yet"
    assert model.asked == []


def test_what_comes_late_or_is_configured_no_more_is_skipped() -> None:
    asked = AskAssistant(task="draft")
    assert planned(asked, Model(), age=STALE_SECONDS + 1).status == "skipped"
    assert planned(asked, None).status == "skipped"
    assert planned(asked, Model(), own=None).status == "skipped"
    assert is_configured(ASSISTANT, (), ())
