"""A configured town whose rules are tried: two lines, two teams, hours; and texts in situations."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.config import Config
from bridge.config.policy import policy_of
from bridge.domain.assistant import AssistantAnswered
from bridge.domain.automation import Facts
from bridge.domain.conversations import State
from bridge.domain.decision import Decision
from bridge.domain.effects import Record
from bridge.domain.events import Event
from bridge.domain.messages import Media, Message, MessageKind, MessageStatus
from bridge.domain.people import Contact
from bridge.rules.decide import decide
from tests.config.samples import read_text
from tests.unit.rules import builders

TOWN = """\
public_url: https://sms.example.org
accounts:
  main: {provider: twilio, account_sid: AC1, auth_token: "tokentoken"}
platforms:
  slack: {kind: slack, bot_token: "xoxb-1"}
teammates:
  ana: {slack: U1}
  ben: {slack: U2}
  dana: {slack: U3}
teams:
  support: {members: [ana]}
  sales: {members: [ben, dana]}
hours:
  office: {zone: America/New_York, week: {mon-fri: "09:00-17:30"}}
lines:
  front-desk:
    {account: main, address: "+15550001000", team: support, hours: office, rooms: [{platform: slack, room: C1}]}
  sales: {account: main, address: "+15550002000", team: sales, hours: office, rooms: [{platform: slack, room: C2}]}
webhooks:
  crm: {url: "https://crm.example.org/textbridge", secret: "0123456789abcdef"}
sla:
  standard: {first_response: 15m}
canned:
  hours: "We open {{ hours.next_opening }}."
  pricing: "We send you a price."
assistant:
  {base_url: "http://127.0.0.1:1/v1", model: small-1, categories: {complaint: it went wrong, pricing: what it costs}}
"""
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
NEW_YORK = timedelta(hours=5)  # behind UTC in November


def town(rules: str) -> Config:
    """Read a configuration with these rules."""
    return read_text(TOWN + rules)


def rule(condition: str, *actions: str, on: str = "message_received") -> str:
    """A file's rules: one that acts so when a text comes (or ``on``) and this holds."""
    does = "".join(f"\n      - {action}" for action in actions)
    return f"rules:\n  - name: example\n    on: {on}\n    if: {condition}\n    do:{does}\n"


NOON = MONDAY + NEW_YORK + timedelta(hours=12)


def state(line: str = "front-desk", **changed: Any) -> State:
    """An open conversation on a line, shown in its room; ``conversation``: what is different about it."""
    different = changed.pop("conversation", {})
    plain = State(
        conversation=builders.conversation(
            **{"line": line, "waiting_since": NOON, "last_inbound_at": NOON, **different}
        ),
        contact=Contact("c1", builders.CONTACT),
        threads=(replace(builders.thread(), room="C1" if line == "front-desk" else "C2"),),
        facts=Facts(),
    )
    return replace(plain, **changed)


def decided(rules: str, event: Event, before: State | None = None, now: datetime = NOON) -> Decision:
    """Decide an event in the town with these rules."""
    return decide(state() if before is None else before, event, policy_of(town(rules), {}), now)


def situation(config: Config, **what: Any) -> Decision:
    """Decide a text in a situation: its words, who sends it, and how the conversation stands."""
    now = MONDAY + NEW_YORK + timedelta(hours=what.get("clock", 10))
    line, address = what.get("line", "front-desk"), what.get("address", builders.CONTACT)
    before = state(
        line,
        conversation={
            "labels": what.get("labels", ()),
            "assignee": what.get("assignee"),
            "waiting_since": now - timedelta(minutes=what.get("waits", 0)),
        },
        contact=Contact("c1", address, what.get("name")),
        facts=Facts(first_time=what.get("first_time", True), language=what.get("language", "")),
    )
    if "category" in what:
        return decide(
            replace(before, message=_said(what.get("body", "Hello"), now)),
            sorts(*what["category"]),
            policy_of(config, {}),
            now,
        )
    media = (Media("https://example.org/a.jpg", "image/jpeg"),) if what.get("media") else ()
    event = builders.text(what.get("body", "Hello"), sender=address, recipient=config.lines[line].address, media=media)
    return decide(before, event, policy_of(config, {}), now)


def sorts(category: str, confidence: float) -> AssistantAnswered:
    """The assistant's answer about the text m1."""
    answer = f'{{"category": "{category}", "confidence": {confidence}}}'
    return AssistantAnswered(external_id="e", conversation=1042, task="category", message="m1", answer=answer)


def _said(body: str, at: datetime) -> Message:
    received = MessageStatus.RECEIVED
    return Message(id="m1", conversation=1042, kind=MessageKind.INBOUND, body=body, status=received, created_at=at)


def ran(decision: Decision) -> list[tuple[str, str]]:
    """Return which rules ran, and what they say they did."""
    found = [effect for effect in decision.effects if isinstance(effect, Record) and effect.act == "rule_ran"]
    return [(effect.actor.removeprefix("rule:"), effect.detail) for effect in found]


def did(decision: Decision) -> str:
    """Return what the one rule that ran says it did."""
    [(_, words)] = ran(decision)
    return words
