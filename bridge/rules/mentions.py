"""Mentions in a teammate's words: of the bot, which is a call for it, and of people an act is about."""

import re

from bridge.domain.content import Content, Mention, Text
from bridge.domain.events import CommandGiven
from bridge.domain.people import Person, RoomRef
from bridge.domain.policy import Policy

_PERSON = re.compile(r"<@(@?[^<>@|\s]+)>")  # a person's id may begin with @ itself


def summons(content: Content, platform: str, policy: Policy) -> Content | None:
    """Return what follows a mention of the bot that opens a message, None for any other message."""
    blank = bool(content) and isinstance(content[0], Text) and not content[0].text.strip()
    spans = content[1:] if blank else content
    bot = policy.bots.get(platform)
    if bot is None or not spans or not isinstance(spans[0], Mention) or spans[0].id != bot:
        return None
    rest = spans[1:]
    if rest and isinstance(rest[0], Text):
        return (Text(rest[0].text.lstrip(" ,:!\n")), *rest[1:])
    return rest


def people(content: Content, platform: str) -> tuple[Person, ...]:
    """Return the people mentioned."""
    named = (span for span in content if isinstance(span, Mention) and span.kind == "person")
    return tuple(Person(platform, span.id, outsider=span.outsider) for span in named)


def rooms(content: Content, platform: str) -> tuple[RoomRef, ...]:
    """Return the rooms mentioned."""
    return tuple(RoomRef(platform, span.id) for span in content if isinstance(span, Mention) and span.kind == "room")


def typed_people(event: CommandGiven) -> tuple[Person, ...]:
    """Return the people mentioned in the words of a room command."""
    named: list[str] = _PERSON.findall(event.words)
    return tuple(Person(event.platform, found, outsider=found in event.outsiders) for found in named)
