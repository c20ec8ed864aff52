"""Examples of the reference of rules, each with what it must tell apart or do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FILE = """\
rules:
  - name: pricing goes to sales
    on: message_received
    if: {all: [{line: front-desk}, {text: '\\b(price|quote)\\b'}, {hours: open}]}
    do:
      - label: lead
      - assign: {team: sales, by: round_robin}
      - reply: {canned: pricing}
    stop: true
  - name: nobody answers
    on: {no_reply: 30m}
    do: [{notify: {team: support, text: "They have waited for half an hour."}}]
"""

HAPPENINGS = {
    "message_received": "the contact texted (bare thanks after a close ask no rule)",
    "conversation_opened": "a conversation began, by a text or by a teammate",
    "conversation_closed": "a teammate closed it",
    "conversation_reopened": "a closed one was taken up again",
    "assigned": "it became somebody's",
    "labelled": "it got a label",
    "categorized": "the [assistant](assistant.md) has said what a text is about, seconds after it came; not where it "
    "failed, nor after a close. Conditions on the text are about that text",
    "delivery_failed": "a text of ours did not arrive",
    "no_reply": "nobody has answered for so long, in business hours: `on: {no_reply: 30m}`; not while it is snoozed or "
    "closed, nor where the contact opted out or is blocked, it is labelled `spam`, or an answer is held until its "
    "time. Where it was over before a snooze ends, it is counted anew from there",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A condition, with a situation in which it holds and one in which it does not; see ``situation``.

    ``on``: what happens.
    """

    yaml: str
    holds: Mapping[str, Any] = field(default_factory=dict[str, Any])
    fails: Mapping[str, Any] = field(default_factory=dict[str, Any])
    on: str = "message_received"


@dataclass(frozen=True, slots=True)
class Done:
    """An action, with the kinds of effects it has besides the record."""

    yaml: str
    effects: tuple[str, ...]


CONDITIONS: Mapping[str, Told] = {
    "all": Told("{all: [{line: front-desk}, {keyword: price}]}", {"body": "your price?"}, {"body": "hello"}),
    "any": Told("{any: [{keyword: price}, {keyword: quote}]}", {"body": "a quote?"}, {"body": "hello"}),
    "none": Told("{none: [{label: spam}]}", {}, {"labels": ("spam",)}),
    "line": Told("{line: front-desk}", {}, {"line": "sales"}),
    "number": Told('{number: "+12125550100"}', {"address": "+12125550100"}, {"address": "+12125550101"}),
    "area_code": Told("{area_code: [212, 646]}", {"address": "+12125550100"}, {"address": "+13055550100"}),
    "region": Told("{region: [US-NY, CA]}", {"address": "+12125550100"}, {"address": "+13055550100"}),
    "text": Told(r"{text: '\b(price|quote)s?\b'}", {"body": "Any QUOTES?"}, {"body": "priceless"}),
    "keyword": Told("{keyword: [price, opening hours]}", {"body": "Opening hours?"}, {"body": "opening the hours"}),
    "language": Told("{language: [es, pt]}", {"language": "es"}, {"language": "unknown"}),
    "category": Told(
        "{category: complaint}", {"category": ("complaint", 0.9)}, {"category": ("complaint", 0.5)}, "categorized"
    ),
    "hours": Told("{hours: closed}", {"clock": 20}, {"clock": 10}),
    "label": Told("{label: [lead, vip]}", {"labels": ("vip",)}, {"labels": ("old",)}),
    "contact": Told("{contact: {named: true}}", {"name": "Maria"}, {"name": None}),
    "first_time": Told("{first_time: true}", {"first_time": True}, {"first_time": False}),
    "assignee": Told("{assignee: none}", {"assignee": None}, {"assignee": "slack:U1"}),
    "team": Told("{team: support}", {}, {"line": "sales"}),
    "waiting": Told("{waiting: 10m}", {"waits": 11}, {"waits": 9}),
    "media": Told("{media: true}", {"media": True}, {"media": False}),
}
ACTIONS: Mapping[str, Done] = {
    "assign": Done("assign: {team: sales, by: round_robin}", ("PostNote", "SaveTurn")),
    "label": Done("label: [lead, -old]", ("UpdateCard",)),
    "reply": Done("reply: {canned: hours}", ("SendText", "PostNote", "CountUse")),
    "comment": Done('comment: "They asked for a price."', ("PostNote",)),
    "notify": Done("notify: {person: ana, text: please look}", ("PostNote",)),
    "snooze": Done("snooze: next_opening", ("ArmTimer",)),
    "sla": Done("sla: standard", ("UpdateCard", "ArmTimer")),
    "webhook": Done("webhook: crm", ("CallWebhook",)),
    "close": Done("close: true", ("UpdateCard",)),
}
