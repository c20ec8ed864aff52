"""Stored events to the domain's: which act it was, whose, and on what. Pure; ``Unreadable`` for what cannot be read."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from bridge.adapters.platforms.matrix import writers
from bridge.adapters.platforms.matrix.commands import invoked
from bridge.adapters.platforms.matrix.content import command_text, content_of
from bridge.adapters.platforms.matrix.errors import Json, mapping, moment, text
from bridge.adapters.platforms.matrix.gathering import ROOM_COMMAND
from bridge.adapters.platforms.matrix.kinds import MESSAGES, has_words, untextable
from bridge.adapters.platforms.matrix.media import caption, files_of
from bridge.adapters.platforms.matrix.signs import REACTIONS
from bridge.domain.content import Content, Text
from bridge.domain.events import (
    ButtonPressed,
    ChatDeleted,
    ChatEdited,
    ChatEvent,
    ChatPosted,
    CommandGiven,
    ReactionChanged,
    RoomChanged,
    WritingTogether,
)
from bridge.domain.people import ChatRef, Person
from bridge.ports.errors import Unreadable


def read(body: bytes, platform: str, us: str) -> Sequence[ChatEvent]:
    """Read a stored body: the event and what ``gathering`` found about it."""
    try:
        stored = mapping(json.loads(body))
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    room, event = text(stored, "room"), mapping(stored.get("event"))
    if not room or not text(event, "event_id"):
        raise Unreadable("not a stored event")
    if "unread" in stored:
        raise Unreadable("an event that could not be read when it came")
    found = _Reading(platform, us, room, event, stored).event()
    return () if found is None else (found,)


class _Reading:
    def __init__(self, platform: str, us: str, room: str, event: Json, stored: Json) -> None:
        self._platform, self._us, self._room = platform, us, room
        self._event, self._stored = event, stored
        self._id = text(event, "event_id")
        self._author = Person(platform, text(event, "sender"))

    def event(self) -> ChatEvent | None:
        match text(self._event, "type"):
            case kind if kind in MESSAGES:
                return self._message()
            case "m.reaction" | "m.room.redaction":
                return self._deed()
            case "m.room.member":
                usable = text(mapping(self._event.get("content")), "membership") == "join"
                again = self._stored.get("again") is True
                return RoomChanged(
                    external_id=self._id, platform=self._platform, room=self._room, usable=usable, again=again
                )
            case writers.TYPING:
                return self._together()
            case "m.room.tombstone":
                after = text(mapping(self._event.get("content")), "replacement_room") or None
                return RoomChanged(
                    external_id=self._id, platform=self._platform, room=self._room, usable=False, new_room=after
                )
            case _:
                return None

    def _together(self) -> ChatEvent | None:
        root, found = self._ref("root"), self._stored.get("people")
        if root is None or not isinstance(found, list):
            return None
        people = tuple(Person(self._platform, str(one)) for one in cast("list[object]", found))
        at = datetime.fromisoformat(text(self._stored, "at"))
        return WritingTogether(external_id=self._id, thread=root, people=people, at=at)

    def _ref(self, name: str) -> ChatRef | None:
        found = text(self._stored, name)
        return ChatRef(self._platform, self._room, found) if found else None

    def _message(self) -> ChatEvent | None:
        content = mapping(self._event.get("content"))
        edited, thread = self._ref("edited"), self._ref("root")
        if edited is not None:
            new = mapping(content.get("m.new_content"))
            words = content_of(caption(new), self._us) if has_words(new) else ()
            return ChatEdited(
                external_id=self._id,
                ref=edited,
                thread=thread,
                author=self._author,
                content=words,
                files=files_of(new),
            )
        if thread is None:
            return self._command(content)
        return ChatPosted(
            external_id=self._id,
            ref=ChatRef(self._platform, self._room, self._id),
            thread=thread,
            author=self._author,
            content=self._words(content),
            files=files_of(content),
            recovered=self._stored.get("late") is True,
            marked=self._stored.get("marked") is True,
            delayed=self._stored.get("delayed") is True,
            posted_at=moment(self._event),
            aside=self._stored.get("aside") is True,
            untextable=untextable(self._event),
        )

    def _words(self, content: Json) -> Content:
        command = invoked(content, self._us)
        return content_of({"body": command} if command else caption(content), self._us)

    def _command(self, content: Json) -> ChatEvent | None:
        words = command_text(self._words(content) or (Text(""),))
        found = ROOM_COMMAND.match(words)
        if found is None:
            return None
        return CommandGiven(
            external_id=self._id,
            platform=self._platform,
            room=self._room,
            author=self._author,
            text=words[found.end() :].strip(),
            handle=self._id,
        )

    def _deed(self) -> ChatEvent | None:
        redacted, target = self._ref("redacted"), self._ref("target")
        if redacted is not None:
            return ChatDeleted(external_id=self._id, ref=redacted)
        if target is None:
            return None
        button = self._stored.get("button")
        if isinstance(button, list):
            action, value = str(button[0]), str(button[1])  # pyright: ignore[reportUnknownArgumentType] - JSON
            return ButtonPressed(
                external_id=self._id,
                ref=target,
                thread=self._ref("root"),
                author=self._author,
                action=action,
                value=value,
            )
        name = REACTIONS.get(text(self._stored, "key"))
        if name is None:
            return None
        added = self._stored.get("removed") is not True
        return ReactionChanged(external_id=self._id, ref=target, author=self._author, name=name, added=added)
