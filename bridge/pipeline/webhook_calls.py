"""Rows that tell the operator's own programs."""

import json
from datetime import datetime, timedelta

from bridge.domain.conversations import State
from bridge.pipeline.calls import Call, Outside, Planned, skip
from bridge.ports.rows import OutboxRow, Settlement
from bridge.ports.store import Unit
from bridge.rules.people import name_of

GIVEN_UP_AFTER = timedelta(days=1)


class WebhookCalls:
    """Plans ``CallWebhook``."""

    def __init__(self, outside: Outside) -> None:
        """Keep what is out there."""
        self._outside = outside

    def call_webhook(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Post what is known now; a program that does not answer for a day is given up, and the row shown as stuck."""
        if now - row.created_at > GIVEN_UP_AFTER:
            return Settlement(row=row, status="failed", problem="not answered for a day")
        state = unit.load_conversation(row.conversation)
        if state.conversation is None:
            return skip(row)
        body = json.dumps(self._told(state, row), ensure_ascii=False).encode()
        webhook = self._outside.webhooks[row.target.partition(":")[2]]
        return Call(row=row, run=lambda: webhook.call(body, key=row.key, at=now))

    def _told(self, state: State, row: OutboxRow) -> dict[str, object]:
        conversation, contact = state.conversation, state.contact
        assert conversation is not None and contact is not None  # noqa: S101, PT018 - one has the other
        assignee = conversation.assignee
        waiting = conversation.waiting_since
        return {
            "id": row.key,
            "rule": row.payload["rule"],
            "event": row.payload["event"],
            "at": row.created_at.isoformat(),
            "message": row.message,
            "conversation": {
                "number": conversation.number,
                "line": conversation.line,
                "status": conversation.status.value,
                "labels": list(conversation.labels),
                "team": conversation.team,
                "assignee": (name_of(assignee, self._outside.policy) or assignee) if assignee else None,
                "waiting_since": waiting.isoformat() if waiting else None,
            },
            "contact": {"id": contact.id, "address": contact.address, "name": contact.name},
        }
