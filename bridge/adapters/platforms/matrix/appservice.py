"""Appservice mode: the homeserver hands us events, and repeats until it is told that they are stored.

It repeats a push whose answer it did not get, alone or among others, so what we had is known by the ids of events.
After a failure it waits up to minutes before the next attempt; a ping from us ends that wait.
"""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import unquote

from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.gathering import Gathered, left_at
from bridge.adapters.platforms.matrix.hearing import Hearing
from bridge.adapters.platforms.matrix.homeserver import V1, Homeserver, objects, path
from bridge.adapters.platforms.matrix.receipts import mark_read
from bridge.adapters.platforms.matrix.registration import service_id
from bridge.observability import REFUSED, alarm, log
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.platform import HttpReply, HttpRequest, Memory
from bridge.ports.store import StoreUnavailable

PREFIX = "/_matrix/app/v1/"
PING_SECONDS, FIRST_PAUSE = 60.0, 0.5
_PASSING = (SendDeferred, SendOutcomeUnknown, SendRejected)
_NOT_NOW = (*_PASSING, CredentialsRejected, StoreUnavailable)


def _answer(status: int, code: str = "") -> HttpReply:
    return HttpReply(status, "application/json", json.dumps({"errcode": code} if code else {}).encode())


class Appservice:
    """What the homeserver asks of an application service."""

    def __init__(self, hearing: Hearing, *, token: str, start: Callable[[], Awaitable[str]]) -> None:
        """``token``: the homeserver's; ``start`` logs us in, once."""
        self._at = hearing
        self._token = token
        self._start = start
        self._one_at_a_time = asyncio.Lock()
        self._reached = False

    def _refusal(self, request: HttpRequest) -> HttpReply | None:
        """What to answer a request that is not certainly the homeserver's; None for one that is."""
        given = request.headers.get("authorization", "").encode("utf-8", "replace")
        if hmac.compare_digest(given, f"Bearer {self._token}".encode()):
            return None
        REFUSED.labels("matrix", "token").inc()
        return _answer(403, "M_FORBIDDEN")

    async def handle(self, request: HttpRequest, memory: Memory) -> HttpReply:
        """Answer the homeserver's request; 200 to events only once they are stored."""
        if (refused := self._refusal(request)) is not None:
            return refused
        _, _, asked = request.path.partition("?")[0].partition(PREFIX)
        kind, _, rest = asked.partition("/")
        match request.method, kind:
            case "PUT", "transactions" if rest:
                return await self._transaction(request.body, memory)
            case "POST", "ping":
                self._reached = True
                return _answer(200)
            case "GET", "users":
                return _answer(200) if unquote(rest) == self._at.server.user_id else _answer(404, "M_NOT_FOUND")
            case "GET", "rooms":
                return _answer(404, "M_NOT_FOUND")
            case _:
                return _answer(404, "M_UNRECOGNIZED")

    async def _transaction(self, body: bytes, memory: Memory) -> HttpReply:
        try:
            events = objects(mapping(json.loads(body)).get("events"))
        except (ValueError, RecursionError):
            return _answer(400, "M_NOT_JSON")
        try:
            await self._start()
            async with self._one_at_a_time:
                await self._keep(events, memory)
        except _NOT_NOW as problem:
            log().warning("events not stored", platform="matrix", error=type(problem).__name__)
            return _answer(503, "M_UNKNOWN")
        return _answer(200)

    async def _keep(self, events: Sequence[Json], memory: Memory) -> None:
        await self._at.rooms.learn(memory)
        ours = [(text(event, "room_id"), event) for event in events if text(event, "room_id") in self._at.rooms]
        await self._at.encryption.take(_as_synced(ours))
        gathered = Gathered()
        for room, event in ours:
            for missed in await self._missed(room, event, gathered, memory):
                await self._at.gatherer.take(room, missed, gathered, memory)
            await self._at.gatherer.take(room, event, gathered, memory)
        if gathered.events or gathered.words:
            await memory.keep(gathered.events, gathered.words)
        for room, *_ in (*gathered.sealed, *gathered.unopenable):
            alarm("encrypted messages cannot be read", room, on=True)
        await mark_read(self._at.server, gathered.read)
        self._at.rooms.follow_all(gathered.words)
        await self._at.rooms.enter()
        for room, event in ours:
            if self._is_ours(event, "invite"):
                await self._at.server.join(room)

    async def _missed(self, room: str, event: Json, gathered: Gathered, memory: Memory) -> Sequence[Json]:
        """What was said in a room while we were out of it, if this is our coming back; oldest first.

        Nothing of it is pushed: it is read as far as the room lets us see it.
        """
        if not self._is_ours(event, "join") or not (left := await left_at(room, gathered, memory)):
            return ()
        found: list[Json] = []
        try:
            start = await self._at.server.behind(room, left)
            while start is not None:
                page, end = await self._at.server.after(room, start)
                start = end if page else None
                for said in page:
                    if text(said, "event_id") == text(event, "event_id"):
                        return found
                    found.append(said)
        except SendRejected:  # we are out of it again; all other rooms' events stand behind this one
            log().warning("what was missed cannot be read", platform="matrix", room=room, count=len(found))
        return found

    def _is_ours(self, event: Json, membership: str) -> bool:
        is_ours = text(event, "type") == "m.room.member" and text(event, "state_key") == self._at.server.user_id
        return is_ours and text(mapping(event.get("content")), "membership") == membership

    async def stay_in_touch(self, memory: Memory) -> None:
        """Enter our rooms, and let the homeserver try now and then to reach us. Raises ``CredentialsRejected``."""
        failures = 0
        while True:
            try:
                await self._at.rooms.learn(memory)
                await self._at.rooms.enter()
                await self._be_reached()
                await self._at.describing.go_on()
            except (*_PASSING, StoreUnavailable) as problem:
                failures += 1
                log().warning("homeserver does not reach us", platform="matrix", error=type(problem).__name__)
            else:
                failures = 0
            alarm("no events arrive", "matrix", on=failures > 1)
            await asyncio.sleep(min(FIRST_PAUSE * 2.0 ** min(failures, 10), PING_SECONDS) if failures else PING_SECONDS)

    async def _be_reached(self) -> None:
        self._reached = False
        try:
            await ping(self._at.server)
        except SendDeferred:
            if not self._reached:  # Synapse trips over a push that it is at by then, and calls that not reached
                raise


def _as_synced(events: Sequence[tuple[str, Json]]) -> Json:
    """Events by room in the form in which a sync gives them."""
    rooms: dict[str, list[Json]] = {}
    for room, event in events:
        rooms.setdefault(room, []).append(event)
    return {"rooms": {"join": {room: {"timeline": {"events": found}} for room, found in rooms.items()}}}


async def ping(server: Homeserver) -> None:
    """Let the homeserver try whether it reaches us. Raises the errors of ``bridge.ports.errors``."""
    await server.call("ping", "POST", path("appservice", service_id(server.user_id), "ping", under=V1), {})
