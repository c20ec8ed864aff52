"""The life of a text to a phone: accepted or queued, sent, then what the handset makes of it."""

import asyncio

from bridge.sandbox.twilio.callbacks import Report
from bridge.sandbox.twilio.creating import choose_sender, consent_key
from bridge.sandbox.twilio.model import Message, Service, Status
from bridge.sandbox.twilio.posting import Poster
from bridge.sandbox.twilio.segments import count_segments
from bridge.sandbox.twilio.state import State

_ERROR: dict[str, int] = {"undelivered": 30005, "unreachable": 30003, "failed": 30007}
_TOO_LATE = 30036
Lane = tuple[str, str]


class Outbound:
    """Carries texts to phones; those between the same two numbers arrive in the order they were created."""

    def __init__(self, state: State, poster: Poster) -> None:
        """Start with nothing under way."""
        self._state = state
        self._poster = poster
        self._last: dict[Lane, asyncio.Event] = {}

    def launch(self, message: Message, answered: asyncio.Event | None) -> asyncio.Task[None]:
        """Begin the life of ``message``; it waits for ``answered``, if there is one."""
        return self._state.spawn(self._live(message, answered))

    async def _live(self, message: Message, answered: asyncio.Event | None) -> None:
        report = Report(self._state, self._poster, message)
        if message.send_at is not None:
            await self._state.clock.sleep((message.send_at - self._state.now()).total_seconds())
            if message.status == "canceled":
                return
        lane = (message.service.sid if message.service else message.sender or "", message.to)
        before, arrived = self._last.get(lane), asyncio.Event()
        self._last[lane] = arrived
        try:
            if answered is not None:
                await answered.wait()
            if await self._leaves(message, report):
                await self._arrives(message, report, before)
        finally:
            arrived.set()
            if self._last.get(lane) is arrived:
                del self._last[lane]
        await report.finish()

    async def _leaves(self, message: Message, report: Report) -> bool:
        """Take the message as far as *sent*; False when it ended before."""
        if message.service is not None:
            self._leave_pool(message, message.service)
            self._reach(message, "queued", report)
        phone = self._state.phone(message.to)
        if message.send_at is not None and consent_key(self._state, message.sender, message.service) in phone.opted_out:
            return self._fail(message, 21610, report)
        await self._pause()
        code = await self._fetch_media(message)
        if code is None and phone.behaviour == "failed":
            code = phone.error_code or _ERROR["failed"]
        if code is not None:
            return self._fail(message, code, report)
        self._reach(message, "sent", report)
        return True

    def _leave_pool(self, message: Message, service: Service) -> None:
        message.sender = message.sender or choose_sender(self._state, service, message.to)
        self._state.last_sender[service.sid, message.to] = message.sender
        message.num_segments = 1 if message.num_media else count_segments(message.body)

    async def _arrives(self, message: Message, report: Report, before: asyncio.Event | None) -> None:
        phone = self._state.phone(message.to)
        await self._pause()
        if phone.behaviour == "slow":
            await self._state.clock.sleep(min(phone.delay, message.validity or phone.delay))
            if message.validity is not None and phone.delay > message.validity:
                message.error_code = _TOO_LATE
                self._reach(message, "undelivered", report)
                return
        if before is not None:
            await before.wait()
        if phone.behaviour in ("undelivered", "unreachable"):
            message.error_code = phone.error_code or _ERROR[phone.behaviour]
            self._reach(message, "undelivered", report)
            return
        message.received = True
        phone.inbox.append(message)
        if phone.behaviour == "silent":
            self._state.journal.changed("message", message.sid)
        else:
            self._reach(message, "delivered", report)

    async def _fetch_media(self, message: Message) -> int | None:
        """Fetch every ``MediaUrl`` as Twilio does; return the error code of the first that fails."""
        for url in message.media_urls:
            fetched = await self._poster.fetch_media(url, message.sid)
            if isinstance(fetched, int):
                return fetched
            self._state.attach(message, *fetched)
        return None

    def _fail(self, message: Message, code: int, report: Report) -> bool:
        message.error_code = code
        self._reach(message, "failed", report)
        return False

    def _reach(self, message: Message, status: Status, report: Report) -> None:
        message.reach(status, self._state.now())
        self._state.journal.changed("message", message.sid)
        report.note()

    async def _pause(self) -> None:
        if self._state.pace > 0:
            await self._state.clock.sleep(self._state.pace)
