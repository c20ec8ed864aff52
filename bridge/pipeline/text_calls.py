"""Rows that become texts to the contact: the last look, the call, and the look-up of one whose answer was lost."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bridge.domain.conversations import State
from bridge.domain.decision import Decision
from bridge.domain.messages import Media, Message
from bridge.pipeline.calls import Call, Found, Outside, Planned, apply, nothing, skip
from bridge.pipeline.files import fetch_all
from bridge.pipeline.fitting import carries
from bridge.ports.provider import FindsSent, OutboundMessage, Provider, SendReceipt
from bridge.ports.rows import OutboxRow, Settlement
from bridge.ports.store import Unit
from bridge.rules.quiet import valid_for
from bridge.rules.sending import Drop, FetchFirst, Wait, before_send

CLOCKS_APART = timedelta(minutes=10)
"""Texts that left before the attempt by no more than this may look like it to a provider whose clock differs."""
NAME_LIMIT = 80
"""Characters of a file's name that are shown."""


class TextCalls:
    """Plans ``SendText``."""

    def __init__(self, outside: Outside) -> None:
        """Keep what is out there."""
        self._outside = outside

    def send_text(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Text a reply, unless it was stopped; look up one that may have left."""
        state = unit.load_message(row.message or "")
        if row.status == "checking":
            return self._look_up(unit, state, row, now)
        verdict = before_send(state, int(str(row.payload["ticket"])), self._outside.policy, now)
        if isinstance(verdict, Drop):
            apply(unit, state, verdict.decision, now)
            return skip(row)
        if isinstance(verdict, Wait):
            return Settlement(row=row, status="pending", next_at=verdict.until)
        if isinstance(verdict, FetchFirst):
            missing = tuple(place for place, medium in enumerate(verdict.message.media) if medium.stored is None)
            provider, _ = self._text(state, verdict.message, row)
            return Call(
                row=row,
                run=lambda: fetch_all(self._outside, verdict.message, provider),
                begins=False,
                fetches=missing,
            )
        unit.save(Decision(messages=(verdict.message,)), now)
        provider, text = self._text(state, verdict.message, row)
        text = replace(text, valid_for=valid_for(state, verdict.message, self._outside.policy, now))
        call = Call(row=row, run=lambda: provider.send(text), find=_sent_finder(provider, text))
        return self._telling_links(call, verdict.message, provider, now)

    def _look_up(self, unit: Unit, state: State, row: OutboxRow, now: datetime) -> Planned:
        message = state.message
        if message is None:
            return skip(row)
        if message.provider_id is not None:
            receipt = SendReceipt(message.provider_id, message.segments)
            call = Call(row=row, run=nothing, find=lambda: _known(receipt), begins=False)
            provider, _ = self._text(state, message, row)
            return self._telling_links(call, message, provider, now)
        provider, text = self._text(state, message, row)
        since = (row.attempted_at or row.created_at) - CLOCKS_APART
        wanted = replace(text, taken=unit.provider_ids(message.via or message.conversation, since))
        call = Call(row=row, run=nothing, find=_sent_finder(provider, wanted), begins=False)
        return self._telling_links(call, message, provider, now)

    def _telling_links(self, call: Call, message: Message, provider: Provider, now: datetime) -> Call:
        """Return the call with what the thread is told of its links once it has been made."""
        _, linked = _sorted(message, provider)
        if not linked:
            return call
        left = call.row.created_at + self._outside.media_life - now
        names = ", ".join(_shown(medium) for medium in linked)
        return replace(call, linked=names, link_seconds=max(0, int(left.total_seconds())))

    def _text(self, state: State, message: Message, row: OutboxRow) -> tuple[Provider, OutboundMessage]:
        conversation, contact = state.conversation, state.contact
        if state.via is not None:
            conversation, contact = state.via.conversation, state.via.contact
        if conversation is None or contact is None:
            msg = "a text needs its conversation"
            raise LookupError(msg)
        line = self._outside.policy.lines[conversation.line]
        provider = self._outside.providers[line.account]
        carried, linked = self._links(message, provider, row)
        text = OutboundMessage(
            key=row.key,
            sender=line.address,
            recipient=contact.address,
            body="\n".join(part for part in (message.body, *linked) if part),
            media_urls=tuple(carried),
            messaging_service=line.messaging_service,
            attempted_at=row.attempted_at,
        )
        return provider, text

    def _links(self, message: Message, provider: Provider, row: OutboxRow) -> tuple[list[str], list[str]]:
        """Return links to the files the provider carries, and those that go into the words.

        They depend on nothing but the row: a text that is looked up must read as it did.
        """
        carried, linked = _sorted(message, provider)
        link = self._outside.media_link
        return (
            [link(medium.stored or "", row.created_at) for medium in carried],
            [link(medium.stored or "", row.created_at) for medium in linked],
        )


def _sorted(message: Message, provider: Provider) -> tuple[list[Media], list[Media]]:
    """Return the files the provider carries, and those that go as links."""
    carried: list[Media] = []
    linked: list[Media] = []
    for medium in message.media:
        if medium.stored is not None:
            room = len(carried) < provider.capabilities.media_count
            fits = room and carries(provider.capabilities, medium.content_type, medium.size)
            (carried if fits else linked).append(medium)
    return carried, linked


def _shown(medium: Media) -> str:
    return " ".join(medium.name.replace("`", "").split())[:NAME_LIMIT] or "a file"


def _sent_finder(provider: Provider, text: OutboundMessage) -> Callable[[], Awaitable[Found]]:
    if isinstance(provider, FindsSent):
        return lambda: provider.find_sent(text)
    return nothing


async def _known(receipt: SendReceipt) -> SendReceipt:
    return receipt
