"""The sync loop: what happened is stored together with how far it was read, and only then is the next asked for.

nio's own loop moves on before anybody has seen the events, leaves gaps unfilled and knows no pause after an error.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from bridge.adapters.platforms.matrix import waiting
from bridge.adapters.platforms.matrix.encryption import Encryption
from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.gathering import EVENT_TYPES, Gathered
from bridge.adapters.platforms.matrix.hearing import Hearing
from bridge.adapters.platforms.matrix.homeserver import PAGE, Homeserver, objects, text_of
from bridge.adapters.platforms.matrix.receipts import Read, mark_read
from bridge.adapters.platforms.matrix.unread import Teller
from bridge.adapters.platforms.matrix.waiting import Waiting
from bridge.adapters.platforms.matrix.writers import RECEIPT, TYPING
from bridge.observability import alarm, log
from bridge.ports.clock import Clock
from bridge.ports.errors import SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.platform import Memory
from bridge.ports.store import StoreUnavailable

CURSOR = "cursor"
_LEFT = "left:"  # how far we had read a room when we left it
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
_PASSING = (SendDeferred, SendOutcomeUnknown, SendRejected, StoreUnavailable)
_NONE: Json = {"types": []}


def sync_filter(limit: int) -> Json:
    """What of an account's events is asked for: those that can mean something, of any room; which are ours changes."""
    timeline: Mapping[str, Any] = {"limit": limit, "types": list(EVENT_TYPES)}
    room = {"ephemeral": {"types": [TYPING, RECEIPT]}, "account_data": _NONE, "state": _NONE, "timeline": timeline}
    return {"presence": _NONE, "account_data": _NONE, "room": {**room, "include_leave": True}}


async def place(server: Homeserver, encryption: Encryption, memory: Memory) -> str | None:
    """From where on events are to be read; None the first time: what was said before we came is none of ours.

    Raises the port's errors, ``StoreUnavailable``.
    """
    since = await memory.recall(CURSOR)
    if since is None:
        answer = await server.sync(None, sync_filter(1), seconds=0)
        await encryption.take(answer)  # a key may be for what is said from now on
        await memory.keep((), {CURSOR: _next(answer)})
    return since


class Follower:
    """Follows the rooms of one account."""

    def __init__(self, hearing: Hearing, memory: Memory, clock: Clock) -> None:
        """Nothing is asked before ``run``."""
        self._at = hearing
        self._memory = memory
        self._clock = clock
        self._teller = Teller(hearing.encryption)
        self._waiting: Waiting | None = None

    async def run(self) -> None:
        """Follow until cancelled. Raises ``CredentialsRejected``."""
        failures = 0
        while True:
            try:
                await self._turn()
                failures = 0
                alarm("no events arrive", "matrix", on=False)
            except _PASSING as problem:
                failures += 1
                pause = min(FIRST_PAUSE * 2 ** min(failures, 10), LONGEST_PAUSE)
                asked = problem.retry_after if isinstance(problem, SendDeferred) else None
                log().warning("events not read", platform="matrix", error=type(problem).__name__)
                alarm("no events arrive", "matrix", on=failures > 1)
                await asyncio.sleep(max(pause, asked or 0.0))

    async def _turn(self) -> None:
        await self._at.rooms.learn(self._memory)
        await self._at.rooms.enter()
        since = await place(self._at.server, self._at.encryption, self._memory)
        if since is None:
            return
        if self._waiting is None:
            self._waiting = await waiting.remembered(self._memory)
        answer = await self._at.server.sync(since, sync_filter(PAGE))
        try:
            read = await self._store(answer, since, self._waiting)
        except BaseException:
            self._waiting = None  # what memory has and the store has not is forgotten
            raise
        await mark_read(self._at.server, read)
        await self._tend(self._waiting)
        await self._at.describing.go_on()
        await self._accept_invitations(answer)

    async def _tend(self, sealed: Waiting) -> None:
        """Do what keys ask for; where that cannot be done now, events are read on, and it is tried next time."""
        try:
            await self._at.encryption.settle()
            await self._teller.tell(sealed, self._clock())
        except _PASSING as problem:
            log().warning("keys not tended to", platform="matrix", error=type(problem).__name__)
        self._at.encryption.note_waiting(len(sealed))

    async def _store(self, answer: Json, since: str, sealed: Waiting) -> Read:
        await self._at.encryption.take(answer)  # the keys first: they open what stands beside them
        gathered = Gathered()
        tried = [one for one in sealed if self._at.encryption.has_key(one.room, one.session)]
        for one in tried:
            event = await waiting.recalled(self._memory, one.event_id)
            await self._at.gatherer.take(one.room, event, gathered, self._memory, waited=True)
        await self._gather(answer, since, gathered)
        self._sort(sealed, [one.event_id for one in tried], gathered)
        words = {**gathered.words, **sealed.words()}
        if gathered.events or words or _next(answer) != since:
            await self._memory.keep(gathered.events, {**words, CURSOR: _next(answer)})
        sealed.kept()
        self._at.rooms.follow_all(gathered.words)
        return gathered.read

    def _sort(self, sealed: Waiting, tried: Sequence[str], gathered: Gathered) -> None:
        """What was read or taken back waits no longer; what could not be read does."""
        still = {text(event, "event_id") for _, event in gathered.sealed}
        for event_id in [*gathered.redacted, *(one for one in tried if one not in still)]:
            sealed.drop(event_id)
        for room, event in gathered.sealed:
            sealed.add(room, event, self._clock())
        for room, event, why in gathered.unopenable:
            sealed.add(room, event, self._clock(), hopeless=why)

    async def _gather(self, answer: Json, since: str, gathered: Gathered) -> None:
        rooms = mapping(answer.get("rooms"))
        left = mapping(rooms.get("leave"))
        for room, found in [*mapping(rooms.get("join")).items(), *left.items()]:
            if room not in self._at.rooms:
                continue
            timeline = mapping(mapping(found).get("timeline"))
            try:
                missed = await self._missed(room, timeline, since, gathered)
            except SendRejected:
                if room not in left:
                    raise
                missed = ()  # all other rooms stand behind it; it is read when we are let in again
            for event in [*missed, *objects(timeline.get("events"))]:
                await self._at.gatherer.take(room, event, gathered, self._memory)
            self._at.gatherer.overhear(room, mapping(found), gathered)
            if room in left:
                gathered.words[f"{_LEFT}{room}"] = since

    async def _missed(self, room: str, timeline: Json, since: str, gathered: Gathered) -> Sequence[Json]:
        """What the server left out because it was too much for one answer, or we were out of the room; oldest first."""
        start = text_of(timeline.get("prev_batch"))
        if timeline.get("limited") is not True or start is None:
            return ()
        found: list[Json] = []
        if left := await self._memory.recall(f"{_LEFT}{room}"):
            since = left
            gathered.words[f"{_LEFT}{room}"] = ""
        while start is not None:
            page, start = await self._at.server.before(room, start, since)
            found += page
            start = start if page else None
        log().info("gap filled", platform="matrix", count=len(found))
        return found[::-1]

    async def _accept_invitations(self, answer: Json) -> None:
        for room in mapping(mapping(answer.get("rooms")).get("invite")):
            if room in self._at.rooms:
                await self._at.server.join(room)


def _next(answer: Json) -> str:
    found = text(answer, "next_batch")
    if not found:
        raise SendDeferred("The homeserver did not say how far its answer goes")
    return found
