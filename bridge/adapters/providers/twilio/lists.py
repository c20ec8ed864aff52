"""Looks messages up in Twilio's list: a send whose answer was lost, and texts that came while we were away."""

from collections.abc import AsyncIterator, Container, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from twilio.base.values import unset
from twilio.rest.api.v2010.account import AccountContext
from twilio.rest.api.v2010.account.message import MessageInstance, MessagePage

from bridge.adapters.providers.twilio.calls import FAILURES, failed_look
from bridge.domain.events import TextReceived
from bridge.domain.messages import Media
from bridge.ports.errors import SendDeferred
from bridge.ports.provider import OutboundMessage

SKEW: Final = timedelta(seconds=60)
_PAGE, _MOST_PAGES = 200, 250
_DAY = timedelta(days=1)
_INCOMPLETE = "receiving"  # its media are not all there yet
# Twilio puts this in front of what a trial account sends.
_TRIAL = "Sent from your Twilio trial account - "


class Lists:
    """Reads the message list of one account, newest first as Twilio gives it."""

    def __init__(self, account: AccountContext, api_url: str, account_sid: str, name: str) -> None:
        """``name``: the account's name in the configuration."""
        self._account = account
        self._messages_url = f"{api_url}/2010-04-01/Accounts/{account_sid}/Messages"
        self._name = name

    async def find_sent(self, message: OutboundMessage, others: Container[str]) -> MessageInstance | None:
        """Return the message that ``message`` became, None when it is not listed.

        Same contact, line, body and number of media, outbound, and none of ``others``. Of several the oldest that was
        made since the attempt began (to the second), as attempts of equal texts follow one another. Failing that the
        newest of the minute before, as clocks may disagree.

        Raises ``SendDeferred`` when Twilio cannot tell, ``CredentialsRejected`` when it refuses ours.
        """
        if message.attempted_at is None:
            return None
        began = _whole_second(message.attempted_at)
        try:
            alike = [
                (made, one)
                async for made, one in self._since(began - SKEW, to=message.recipient, sender=message.sender)
                if _is(one, message) and str(one.sid) not in others
            ]
        except FAILURES as error:
            raise failed_look(error) from None
        oldest_first = _oldest_first(alike)
        since = [one for made, one in oldest_first if made >= began]
        before = [one for made, one in oldest_first if made < began]
        return since[0] if since else before[-1] if before else None

    async def received(self, line: str, since: datetime) -> Sequence[TextReceived]:
        """Return texts to ``line`` since then, oldest first. Raises ``SendDeferred`` or ``CredentialsRejected``."""
        # Twilio's own filter knows only dates: one more day of them, then to the second here.
        date = (since.astimezone(UTC) - _DAY).strftime("%Y-%m-%d")
        try:
            found = [
                (made, one)
                async for made, one in self._since(_whole_second(since), to=line, date=date)
                if str(one.direction) == "inbound" and one.sid and one.from_ and str(one.status) != _INCOMPLETE
            ]
            return [await self._text(one, made, line) for made, one in _oldest_first(found)]
        except FAILURES as error:
            raise failed_look(error) from None

    async def _text(self, one: MessageInstance, made: datetime, line: str) -> TextReceived:
        sid = one.sid or ""
        return TextReceived(
            account=self._name,
            external_id=sid,
            provider_id=sid,
            sender=one.from_ or "",
            recipient=line,
            body=one.body or "",
            media=await self._media(sid) if _count(one.num_media) else (),
            sent_at=made,
            recovered=True,
        )

    async def _media(self, sid: str) -> tuple[Media, ...]:
        listed = await self._account.messages(sid).media.list_async(limit=100)
        base = f"{self._messages_url}/{sid}/Media"
        return tuple(Media(f"{base}/{one.sid}", one.content_type or "") for one in listed if one.sid)

    async def _since(
        self, since: datetime, *, to: str, sender: str = "", date: str = ""
    ) -> AsyncIterator[tuple[datetime, MessageInstance]]:
        """Yield messages made since then, with when; a page of only older ones ends the list."""
        page: MessagePage | None = await self._account.messages.page_async(
            to=to, from_=sender or unset, date_sent_after=date or unset, page_size=_PAGE
        )
        for _ in range(_MOST_PAGES):
            recent = _recent(page, since)
            for one in recent:
                yield one
            page = cast("MessagePage | None", await page.next_page_async()) if recent else None
            if page is None:
                return
        raise SendDeferred("Twilio's list of messages has no end.")


def _recent(page: MessagePage, since: datetime) -> list[tuple[datetime, MessageInstance]]:
    listed = cast("list[MessageInstance]", list(page))
    dated = ((one.date_created or one.date_sent, one) for one in listed)
    return [(made, one) for made, one in dated if made is not None and made >= since]


def _oldest_first(listed: list[tuple[datetime, MessageInstance]]) -> list[tuple[datetime, MessageInstance]]:
    """Sort by time; within a second the list's own order, newest first, is turned round."""
    return sorted(listed[::-1], key=lambda found: found[0])  # noqa: C415 -- a stable sort keeps the turned order


def _is(one: MessageInstance, message: OutboundMessage) -> bool:
    body = _plain(message.body)
    return (
        bool(one.sid)
        and str(one.direction).startswith("outbound")
        and _plain(one.body or "") in (body, _plain(_TRIAL + body))
        and _count(one.num_media) == len(message.media_urls)
    )


def _plain(body: str) -> str:
    return body.replace("\r\n", "\n").strip()


def _count(number: str | None) -> int:
    return int(number or 0)


def _whole_second(moment: datetime) -> datetime:
    """Cut off what Twilio's times do not have."""
    return moment.astimezone(UTC).replace(microsecond=0)
