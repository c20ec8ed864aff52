"""From a room's events to what is stored: only what can concern us, with what it takes to read it later.

An edit names no thread, a plain reply only what it replies to, a redaction of a reaction nothing of what that said; so
that is looked up here, once, and stored with the event. What people say to each other in the room is not kept.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

from bridge.adapters.platforms.matrix.commands import invoked
from bridge.adapters.platforms.matrix.crypto.audiences import STATE_TYPES
from bridge.adapters.platforms.matrix.crypto.sealed import ENCRYPTED, KeyMissing, Unopenable
from bridge.adapters.platforms.matrix.encryption import Encryption
from bridge.adapters.platforms.matrix.errors import Json, mapping, moment, text
from bridge.adapters.platforms.matrix.homeserver import Homeserver
from bridge.adapters.platforms.matrix.kinds import MESSAGES, is_silent, untextable
from bridge.adapters.platforms.matrix.rooms import successor
from bridge.adapters.platforms.matrix.signs import BUTTONS, MARKS, REACTIONS, pressed
from bridge.adapters.platforms.matrix.words import bare
from bridge.adapters.platforms.matrix.writers import Writers, raw
from bridge.observability import log
from bridge.ports.clock import Clock
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.platform import Memory, RawChatEvent
from bridge.ports.store import StoreUnavailable

ROOM_COMMAND = re.compile(r"\s*\\?!sms(?:\s|$)", re.IGNORECASE)
LATE = timedelta(minutes=1)
"""What is older when it comes may have been decided by an earlier run of ours: it is asked for our marks."""
DELAYED = timedelta(minutes=10)
"""What could not be read for so long is asked about before it leaves: its writer may have found another way."""
SAID = (*MESSAGES, "m.reaction")
"""What may stand in an encrypted event; nothing else that is sealed means anything to us."""
EVENT_TYPES = (
    *SAID,
    "m.room.redaction",
    *(ENCRYPTED, "m.room.member", "m.room.tombstone", *STATE_TYPES),
)
_OURS = frozenset(bare(sign) for signs in MARKS.values() for sign in signs)
_GONE = ("leave", "ban")
_OUT = "out:"
_KEPT = ("event_id", "type", "sender", "content", "state_key", "origin_server_ts")
_PASSING = (CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected, StoreUnavailable)
_Found: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class Gathered:
    """What one answer of the server held. ``words``: what must be remembered of it; ``read``: the last by thread.

    ``sealed``: events by room whose key has not come; ``unopenable``: those that can never be read, and why.
    """

    events: list[RawChatEvent] = field(default_factory=list[RawChatEvent])
    words: dict[str, str] = field(default_factory=dict[str, str])
    sealed: list[tuple[str, Json]] = field(default_factory=list[tuple[str, Json]])
    unopenable: list[tuple[str, Json, str]] = field(default_factory=list[tuple[str, Json, str]])
    redacted: set[str] = field(default_factory=set[str])
    read: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])


def relation(event: Json) -> tuple[str, str]:
    """What an event is to another: (``m.thread``, ``m.replace``, ``m.annotation`` or empty, the other's id)."""
    relates = mapping(mapping(event.get("content")).get("m.relates_to"))
    return text(relates, "rel_type"), text(relates, "event_id")


def replied_to(event: Json) -> str:
    """The event a plain reply replies to, empty for none."""
    relates = mapping(mapping(event.get("content")).get("m.relates_to"))
    return text(mapping(relates.get("m.in_reply_to")), "event_id")


def root_of(event: Json) -> str:
    """The root of the thread an event stands in: itself when it stands in none."""
    kind, root = relation(event)
    return root if kind == "m.thread" else text(event, "event_id")


async def left_at(room: str, gathered: Gathered, memory: Memory) -> str:
    """The event by which we left a room that we have not come back to since; empty for none."""
    name = f"{_OUT}{room}"
    return gathered.words[name] if name in gathered.words else await memory.recall(name) or ""


class Gatherer:
    """Looks at each event of a room once."""

    def __init__(
        self, server: Homeserver, encryption: Encryption, us: str, clock: Clock, named: Callable[[str], str]
    ) -> None:
        """``us``: the bot's user id; ``named``: what the bridge calls a room."""
        self._server = server
        self._named = named
        self._encryption = encryption
        self._us = us
        self._clock = clock
        self._writers = Writers(us, clock)

    def overhear(self, room: str, found: Json, gathered: Gathered) -> None:
        """Notice who is writing, of which nothing is to be lost or read twice: it is told once or never."""
        for root, people in self._writers.take(room, found):
            gathered.events.append(raw(self._named(room), root, people, self._clock()))

    async def take(self, room: str, event: Json, gathered: Gathered, memory: Memory, *, waited: bool = False) -> None:
        """Add what is to be stored of an event. Raises the errors of ``bridge.ports.errors``.

        ``waited``: it came before, and could not be read then.
        """
        event_id = text(event, "event_id")
        if not event_id or (text(event, "sender") == self._us and text(event, "type") != "m.room.member"):
            return
        try:
            event = await self._said(room, event, gathered)
            found = await self._look(room, event, gathered, memory)
        except _PASSING:
            raise
        except Exception as problem:  # noqa: BLE001 - one event that trips us must not keep all later ones from coming
            log().error("event kept unread", platform="matrix", error=type(problem).__name__)
            found = {"unread": type(problem).__name__}
        if found is not None:
            found |= {"delayed": True} if waited and self._is_older(event, DELAYED) else {}
            body = json.dumps({"room": self._named(room), "event": _slim(event), **found}, separators=(",", ":"))
            gathered.events.append(RawChatEvent(event_id, body.encode()))
            kind, root = relation(event)
            if kind == "m.thread":
                gathered.read[room, root] = event_id

    async def _said(self, room: str, event: Json, gathered: Gathered) -> Json:
        """The event with what stands in it, where it can be read; else as it is, which says nothing."""
        try:
            opened = await self._encryption.open(room, event)
        except KeyMissing:
            gathered.sealed.append((room, event))
            return event
        except Unopenable as problem:
            log().warning("event cannot be read", platform="matrix", reason=str(problem))
            gathered.unopenable.append((room, event, str(problem)))
            return event
        return opened if opened is event or text(opened, "type") in SAID else event

    async def _look(self, room: str, event: Json, gathered: Gathered, memory: Memory) -> _Found | None:
        match text(event, "type"):
            case kind if kind in MESSAGES:
                return await self._message(room, event)
            case "m.reaction":
                return await self._reaction(room, event, gathered)
            case "m.room.redaction":
                return await self._redaction(event, gathered, memory)
            case "m.room.member":
                return await self._membership(room, event, gathered, memory)
            case "m.room.tombstone":
                gathered.words.update(successor(room, event))
                return {}
            case _:
                return None

    async def _membership(self, room: str, event: Json, gathered: Gathered, memory: Memory) -> _Found | None:
        if not self._is_ours(event):
            return None
        left = await left_at(room, gathered, memory)
        if text(mapping(event.get("content")), "membership") == "join":
            gathered.words[f"{_OUT}{room}"] = ""
            return {"again": True} if left else {}
        gathered.words[f"{_OUT}{room}"] = left or text(event, "event_id")  # a withdrawn invitation is no new leaving
        return {}

    def _is_ours(self, event: Json) -> bool:
        """Whether it says that we are no longer in the room, or are again."""
        was = text(mapping(mapping(event.get("unsigned")).get("prev_content")), "membership")
        now = text(mapping(event.get("content")), "membership")
        return text(event, "state_key") == self._us and now != was and (now == "join" or now in _GONE)

    async def _message(self, room: str, event: Json) -> _Found | None:
        content = mapping(event.get("content"))
        if is_silent(event):
            return None
        kind, other = relation(event)
        if kind == "m.replace":
            return await self._edit(room, event, other)
        if kind == "m.thread" and other:
            return {"root": other, **await self._late(room, event)}
        if answered := replied_to(event):
            target = await self._event(room, answered)
            return None if target is None else {"root": root_of(target), "aside": True, **await self._late(room, event)}
        commanded = ROOM_COMMAND.match(invoked(content, self._us) or text(content, "body"))
        return {} if commanded and not untextable(event) else None

    async def _edit(self, room: str, event: Json, edited: str) -> _Found | None:
        """An edit counts only by who wrote the message."""
        target = await self._event(room, edited)
        if target is None or text(target, "sender") != text(event, "sender"):
            return None
        root = root_of(target)
        return {"edited": edited, **({} if root == edited else {"root": root})}

    async def _reaction(self, room: str, event: Json, gathered: Gathered) -> _Found | None:
        _, other = relation(event)
        key = bare(text(mapping(mapping(event.get("content")).get("m.relates_to")), "key"))
        if not other or key not in BUTTONS | REACTIONS.keys():
            return None
        target = await self._event(room, other)
        if target is None:
            return None
        button = pressed(target, key) if text(target, "sender") == self._us else None
        if button is not None:
            return {"target": other, "button": button, "root": root_of(target)}
        if key not in REACTIONS:
            return None
        gathered.words[_name(event)] = json.dumps([other, key, text(event, "sender")])
        return {"target": other, "key": key}

    async def _redaction(self, event: Json, gathered: Gathered, memory: Memory) -> _Found | None:
        redacted = text(event, "redacts") or text(mapping(event.get("content")), "redacts")
        if not redacted:
            return None
        gathered.redacted.add(redacted)
        name = f"reaction:{redacted}"
        kept = gathered.words.get(name) or await memory.recall(name)
        if kept is None:
            return {"redacted": redacted}
        target, key, who = json.loads(kept)
        if who != text(event, "sender"):  # a moderator's tidying up is not its writer's act
            return None
        return {"target": target, "key": key, "removed": True}

    async def _late(self, room: str, event: Json) -> _Found:
        if not self._is_older(event, LATE):
            return {}
        reactions = await self._server.annotations(room, text(event, "event_id"))
        return {"late": True, "marked": any(self._is_mark(reaction) for reaction in reactions)}

    def _is_older(self, event: Json, age: timedelta) -> bool:
        """By its server's clock; a time that is none, as other servers may send, counts as old."""
        at = moment(event)
        return at is None or self._clock() - at >= age

    def _is_mark(self, reaction: Json) -> bool:
        relates = mapping(mapping(reaction.get("content")).get("m.relates_to"))
        return text(reaction, "sender") == self._us and bare(text(relates, "key")) in _OURS

    async def _event(self, room: str, event_id: str) -> Json | None:
        """An event of the room; None when we may not see it, or it is not there."""
        try:
            found = await self._server.event(room, event_id)
        except SendRejected:
            return None
        try:
            return await self._encryption.open(room, found)
        except (KeyMissing, Unopenable):  # who wrote it, and where it stands, is said in clear
            return found


def _name(reaction: Json) -> str:
    return f"reaction:{text(reaction, 'event_id')}"


def _slim(event: Json) -> Mapping[str, object]:
    return {name: event[name] for name in _KEPT if name in event}
