"""What the assistant is asked, and what follows from its answers: it sorts, drafts and sums up; a person sends."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from bridge.domain.assistant import AskAssistant, AssistantAnswered, AssistantPolicy, Prompt
from bridge.domain.messages import Message, MessageKind
from bridge.domain.policy import Policy
from bridge.rules import assistant_words as words

LAST = 30
"""Messages of the conversation that are shown to the assistant at most."""
LONGEST_ANSWER = 1_500
NONE = "none"
"""The category of what fits no other."""
_NUMBER = re.compile(r"[+(]?\d(?:[\s().\-/]{0,3}\d){5,}")
_ADDRESS = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}")
_FENCE = re.compile(r"\A\s*```(?:json)?\s*|\s*```\s*\Z")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Sorted:
    """A category, and how sure the assistant is of it, from 0 to 1."""

    category: str
    confidence: float


def masked(body: str) -> str:
    """Return a text without numbers of six digits or more and addresses: the assistant needs none of them."""
    return _ADDRESS.sub("[address]", _NUMBER.sub("[number]", _INVISIBLE.sub("", body)))


def to_sort(policy: Policy, line: str, message: Message) -> tuple[AskAssistant, ...]:
    """Return the question what a contact's text is about, where the operator wants it asked."""
    own = policy.assistant
    if own is None or not own.categories or not message.body.strip() or (own.lines and line not in own.lines):
        return ()
    return (AskAssistant(task="category", message=message.id),)


def prompt(asked: AskAssistant, said: Sequence[Message], policy: AssistantPolicy) -> Prompt:
    """Return the question. ``said``: texts and replies, oldest first; comments are never among them."""
    shown = "\n".join(_line(message) for message in said[-LAST:] if message.kind is not MessageKind.COMMENT)
    transcript = f"<conversation>\n{shown}\n</conversation>"
    if asked.task == "category":
        kinds = "\n".join(f"- {name}: {meaning}" for name, meaning in policy.categories.items())
        return Prompt(words.SORT.format(kinds=kinds, none=NONE), transcript, _schema(policy))
    own = f"\n\n{policy.instructions.strip()}" if policy.instructions.strip() else ""
    return Prompt((words.DRAFT if asked.task == "draft" else words.SUM_UP) + own, transcript)


def _line(message: Message) -> str:
    who = "Contact" if message.kind is MessageKind.INBOUND else "Team"
    # a text cannot pretend to be another line, nor to end the conversation
    body = " ".join(masked(message.body).replace("<", "‹").replace(">", "›").split())
    return f"{who}: {body or '(a file)'}"


def _schema(policy: AssistantPolicy) -> dict[str, object]:
    return {
        "type": "object",
        "properties": {
            "category": {"type": "string", "enum": [*policy.categories, NONE]},
            "confidence": {"type": "number"},
        },
        "required": ["category", "confidence"],
        "additionalProperties": False,
    }


def read_category(answer: str, policy: AssistantPolicy) -> Sorted | None:
    """Read the answer to a question about a category; None when it is none that was asked for."""
    try:
        found: Any = json.loads(_FENCE.sub("", answer))
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    fields = cast("dict[str, Any]", found)
    category, confidence = fields.get("category"), fields.get("confidence")
    if not isinstance(category, str) or category not in (*policy.categories, NONE):
        return None
    if isinstance(confidence, bool) or not isinstance(confidence, int | float):
        return None
    return Sorted(category, float(confidence)) if 0 <= confidence <= 1 else None


def read_words(event: AssistantAnswered) -> str:
    """Return the words of an answer, trimmed to what a person reads."""
    text = _INVISIBLE.sub("", event.answer).strip()
    return text if len(text) <= LONGEST_ANSWER else text[: LONGEST_ANSWER - 1].rstrip() + "…"
