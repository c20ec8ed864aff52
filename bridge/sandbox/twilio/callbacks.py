"""Status callbacks: https://www.twilio.com/docs/messaging/guides/track-outbound-message-status."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.sandbox.twilio.model import Message, Status
from bridge.sandbox.twilio.posting import Post, Poster
from bridge.sandbox.twilio.state import State

_WITH_RECEIPT: frozenset[Status] = frozenset({"delivered", "undelivered"})


def callback_fields(message: Message) -> dict[str, str]:
    """Return the form fields of a callback for the status ``message`` has now."""
    fields = {
        "ApiVersion": "2010-04-01",
        "AccountSid": message.account.sid,
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "MessageStatus": message.status,
        "SmsStatus": message.status,
        "To": message.to,
        "From": message.sender or "",
    }
    if message.service:
        fields["MessagingServiceSid"] = message.service.sid
    if message.error_code is not None:
        fields["ErrorCode"] = str(message.error_code)
    if message.status in _WITH_RECEIPT:
        fields["RawDlrDoneDate"] = message.updated.strftime("%y%m%d%H%M")
    return fields


@dataclass(frozen=True, slots=True)
class _Due:
    at: datetime
    fields: dict[str, str]


class Report:
    """The callbacks of one message, in the order the knobs say."""

    def __init__(self, state: State, poster: Poster, message: Message) -> None:
        """Made when the message's life begins."""
        self._state = state
        self._poster = poster
        self._message = message
        self._held: list[_Due] = []
        self._last: asyncio.Task[None] | None = None

    def note(self) -> None:
        """Report the status the message has just reached."""
        knobs = self._state.callbacks
        if self._message.status_callback is None or self._message.status in knobs.missing:
            return
        due = _Due(self._state.now() + timedelta(seconds=knobs.delay), callback_fields(self._message))
        if knobs.order == "in order":
            self._last = self._state.spawn(self._post(due, self._last))
        else:
            self._held.append(due)

    async def finish(self) -> None:
        """Post what was held back, and return once every callback has been posted."""
        if self._state.callbacks.order == "shuffled":
            self._state.ids.random.shuffle(self._held)
        else:
            self._held.reverse()
        for due in self._held:
            self._last = self._state.spawn(self._post(due, self._last))
        if self._last is not None:
            await self._last

    async def _post(self, due: _Due, previous: asyncio.Task[None] | None) -> None:
        if previous is not None:
            await previous
        left = (due.at - self._state.now()).total_seconds()
        if left > 0:
            await self._state.clock.sleep(left)
        url, message = self._message.status_callback, self._message
        if url is None:
            return
        post = Post("callback", due.fields["MessageStatus"], url, due.fields, message.account.auth_token, message.sid)
        for _ in range(self._state.callbacks.copies):
            await self._poster.deliver(post)
