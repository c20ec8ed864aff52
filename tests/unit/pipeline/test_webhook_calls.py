"""Rows that tell the operator's own programs."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from bridge.domain.conversations import State
from bridge.pipeline.calls import Call
from bridge.pipeline.enqueue import is_configured
from bridge.pipeline.webhook_calls import WebhookCalls
from bridge.ports.rows import Settlement
from bridge.ports.webhooks import Webhook
from tests.unit.pipeline.scripted import Script, outside, row
from tests.unit.rules.builders import NOW, conversation, state

ROW = replace(
    row("CallWebhook", {"rule": "leads", "event": "assigned"}), target="webhook:crm", message=None, created_at=NOW
)


class Heard:
    """A program that keeps what it is told."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, str]] = []

    async def call(self, body: bytes, *, key: str, at: datetime) -> None:
        assert at == NOW
        self.calls.append((json.loads(body), key))


def planned(now: datetime = NOW, known: State | None = None) -> tuple[Any, Heard]:
    """Plan the row; returns the plan and the program."""
    heard = Heard()
    calls = WebhookCalls(outside(webhooks={"crm": cast("Webhook", heard)}))
    return calls.call_webhook(Script(known or state()).unit, ROW, now), heard


async def test_ids_and_fields_are_told() -> None:
    call, heard = planned(known=state(conversation=conversation(assignee="slack:U1", waiting_since=None)))
    assert isinstance(call, Call)
    await call.run()
    [(body, key)] = heard.calls
    assert (body["id"], body["rule"], body["event"], key) == ("k1", "leads", "assigned", "k1")
    assert body["conversation"]["assignee"] == "slack:U1"
    assert body["conversation"]["waiting_since"] is None
    assert body["contact"]["name"] == "Maria"


def test_after_a_day_it_is_given_up_and_without_a_conversation_there_is_nothing_to_tell() -> None:
    given_up, _ = planned(NOW + timedelta(days=1, seconds=1))
    assert isinstance(given_up, Settlement)
    assert given_up.status == "failed"
    gone, _ = planned(known=State())
    assert isinstance(gone, Settlement)
    assert gone.status == "skipped"


def test_a_program_that_is_no_longer_configured_is_not_called() -> None:
    assert is_configured("webhook:crm", (), (), {"crm"})
    assert not is_configured("webhook:crm", (), ())
