"""Rows that ask the assistant. Its answer comes back as an event; its failure too, so that whoever asked is told."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bridge.domain.assistant import AssistantAnswered, Prompt
from bridge.domain.messages import Message
from bridge.observability import alarm, log
from bridge.pipeline.calls import Call, Outside, Planned, skip
from bridge.pipeline.enqueue import ASSISTANT
from bridge.pipeline.payloads import to_asked
from bridge.ports.assistant import Assistant
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendRejected
from bridge.ports.rows import OutboxRow
from bridge.ports.store import Unit
from bridge.rules.assisting import LAST, prompt

STALE_SECONDS = 120.0
"""A category or a draft that comes later helps nobody."""
SHOWN_FOR = timedelta(days=30)
"""How far back the conversation is shown to the assistant."""
MOST = 500


class AssistantCalls:
    """Plans what is asked of the assistant."""

    def __init__(self, outside: Outside) -> None:
        """Keep what is out there."""
        self._outside = outside

    def ask(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Ask, with the conversation as it is now; not again if the process dies meanwhile, which is no loss."""
        assistant, policy = self._outside.assistant, self._outside.policy.assistant
        if assistant is None or policy is None or (now - row.created_at).total_seconds() > STALE_SECONDS:
            return skip(row)
        asked = to_asked(row)
        said = _said(unit, row, now)
        event = AssistantAnswered(
            external_id=f"{row.key}:answered",
            conversation=row.conversation,
            task=asked.task,
            message=asked.message,
            person=asked.person,
            model=policy.model,
        )
        question = prompt(asked, said, policy) if said else None
        return Call(row=row, run=lambda: _answer(assistant, question, event), once=True)


def _said(unit: Unit, row: OutboxRow, now: datetime) -> Sequence[Message]:
    """The last texts and replies; of a text to sort, those before it and itself."""
    said = list(unit.words_since(row.conversation, now - SHOWN_FOR, MOST))
    if row.message is not None:
        said = said[: next((place for place, one in enumerate(said, 1) if one.id == row.message), 0)]
    return said[-LAST:]


async def _answer(assistant: Assistant, question: Prompt | None, event: AssistantAnswered) -> AssistantAnswered:
    if question is None:
        return replace(event, problem="nothing was said yet")
    started = time.perf_counter()
    try:
        words, problem = await assistant.complete(question), ""
        alarm("credentials refused", ASSISTANT, on=False)
    except CredentialsRejected:
        words, problem = "", "it refuses the key"
        alarm("credentials refused", ASSISTANT, on=True)
    except (SendDeferred, SendRejected) as refused:
        words, problem = "", refused.reason
    took = round((time.perf_counter() - started) * 1000)
    log().info("assistant asked", task=event.task, conversation=event.conversation, ms=took, problem=problem)
    return replace(event, answer=words, problem=problem, milliseconds=took)
