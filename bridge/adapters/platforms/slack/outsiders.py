"""Whom an event is about, and who of them is no teammate: guests, and people of other organisations."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias, TypeVar

from bridge.adapters.platforms.slack.identity import Json, mapping
from bridge.domain.content import Content, Mention
from bridge.domain.events import (
    ButtonPressed,
    ChatEdited,
    ChatEvent,
    ChatPosted,
    CommandGiven,
    FormSubmitted,
    HomeOpened,
    ReactionChanged,
)
from bridge.domain.people import Person

Verdict: TypeAlias = Callable[[str], bool | None]
"""Whether the person of an id is an outsider; None when nobody has said so far."""

_Authored: TypeAlias = (
    ChatPosted | ChatEdited | ReactionChanged | ButtonPressed | CommandGiven | FormSubmitted | HomeOpened
)
_Event = TypeVar("_Event", bound=_Authored)
AUTHORED = (ChatPosted, ChatEdited, ReactionChanged, ButtonPressed, CommandGiven, FormSubmitted, HomeOpened)
_TYPED = re.compile(r"<@([A-Z0-9]+)>")


def people_of(event: ChatEvent) -> Iterator[str]:
    """The ids of who acts, unless it is a bot, and of whom the act names."""
    if isinstance(event, AUTHORED) and not event.author.bot:
        yield event.author.id
    match event:
        case ChatPosted(content=content) | ChatEdited(content=content):
            yield from (span.id for span in content if isinstance(span, Mention) and span.kind == "person")
        case ButtonPressed(chosen=Person(id=chosen)):
            yield chosen
        case FormSubmitted(people=chosen):
            yield from (person.id for _, person in chosen)
        case CommandGiven(text=words):
            yield from _TYPED.findall(words)
        case _:
            pass


def placed(event: ChatEvent, verdict: Verdict) -> ChatEvent:
    """The event with everybody marked who is an outsider, be it who acts or who is named."""
    if isinstance(event, AUTHORED):
        event = _by_its_author(event, verdict)
    match event:
        case ChatPosted(content=content) | ChatEdited(content=content) if any(
            isinstance(one, Mention) for one in content
        ):
            return replace(event, content=_mentions(content, verdict))
        case ButtonPressed(chosen=Person() as chosen):
            return replace(event, chosen=marked(chosen, verdict))
        case FormSubmitted(people=people) if people:
            return replace(event, people=tuple((name, marked(person, verdict)) for name, person in people))
        case CommandGiven(text=words):
            return replace(event, outsiders=tuple(one for one in _TYPED.findall(words) if verdict(one)))
        case _:
            return event


def marked(person: Person, verdict: Verdict) -> Person:
    """The person, an outsider if they are one."""
    return replace(person, outsider=True) if verdict(person.id) else person


def _by_its_author(event: _Event, verdict: Verdict) -> _Event:
    author = marked(event.author, verdict)
    if isinstance(event, ReactionChanged) and verdict(author.id) is False:
        # a reaction never says whose organisation it comes from
        author = replace(author, outsider=False)
    return replace(event, author=author)


def _mentions(content: Content, verdict: Verdict) -> Content:
    return tuple(
        replace(span, outsider=True)
        if isinstance(span, Mention) and span.kind == "person" and verdict(span.id)
        else span
        for span in content
    )


def stored(envelope: Json) -> Mapping[str, bool]:
    """What was known of people when an event was stored; it holds for that event even if nobody remembers it since."""
    return {who: verdict for who, verdict in mapping(envelope.get("outsiders")).items() if isinstance(verdict, bool)}
