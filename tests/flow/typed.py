"""A line of the corpus as the blocks Slack's composer would send."""

from collections.abc import Mapping
from typing import Any

from bridge.domain.content import Code, Emoji, Link, Mention, Span, Text
from bridge.sandbox.slack.world import SlackWorld
from tests.corpus.reading import composed

Block = dict[str, Any]


def as_blocks(line: str, people: Mapping[str, str], slack: SlackWorld) -> list[Block]:
    """Turn a line into rich text; persons, teams and rooms that are not there yet are made."""
    elements: list[Block] = []
    parts: list[Block] = []
    for span in composed(line):
        if isinstance(span, Code) and span.block:
            elements += [_section(parts)] if parts else []
            elements.append({"type": "rich_text_preformatted", "elements": [{"type": "text", "text": span.text}]})
            parts = []
        else:
            parts.append(_element(span, people, slack))
    elements += [_section(parts)] if parts else []
    return [{"type": "rich_text", "elements": elements}]


def _section(parts: list[Block]) -> Block:
    return {"type": "rich_text_section", "elements": parts}


def _element(span: Span, people: Mapping[str, str], slack: SlackWorld) -> Block:
    match span:
        case Text(text):
            return {"type": "text", "text": text}
        case Code(text):
            return {"type": "text", "text": text, "style": {"code": True}}
        case Emoji(name, unicode):
            points = "-".join(f"{ord(sign):x}" for sign in unicode)
            return {"type": "emoji", "name": name, **({"unicode": points} if points else {})}
        case Link(url, label):
            return {"type": "link", "url": url, **({"text": label} if label != url else {})}
        case _:
            return _mention(span, people, slack)


def _mention(span: Mention, people: Mapping[str, str], slack: SlackWorld) -> Block:
    if span.kind == "everyone":
        return {"type": "broadcast", "range": span.label}
    if span.kind == "room":
        return {"type": "channel", "channel_id": next(iter(slack.channels))}
    if span.kind == "team":
        group = next(iter(slack.usergroups.values()), None) or slack.add_usergroup("support")
        return {"type": "usergroup", "usergroup_id": group.id}
    return {"type": "user", "user_id": people.get(span.label, next(iter(people.values())))}
