"""From a claimed row to the call it stands for, planned in the transaction just before the call."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from bridge.domain.conversations import State, Thread, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.messages import Media, Message, MessageKind
from bridge.domain.people import ChatRef
from bridge.domain.policy import Policy
from bridge.pipeline.enqueue import drafts
from bridge.pipeline.payloads import to_note, to_person, to_ref
from bridge.ports.errors import MediaRefused, SendDeferred
from bridge.ports.platform import AnswersPrivately, CarriesMedia, FindsPosted, LinksMessages, Platform, ThreadText
from bridge.ports.provider import FetchesMedia, FindsSent, MediaContent, OutboundMessage, Provider, SendReceipt
from bridge.ports.store import OutboxRow, Settlement, Unit
from bridge.rules import wording
from bridge.rules.addresses import shown
from bridge.rules.cards import card
from bridge.rules.sending import Drop, FetchFirst, Wait, before_send

Found: TypeAlias = ChatRef | SendReceipt | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """Files of a message that were fetched, or refused, by their place in it."""

    files: Mapping[int, MediaContent | str]


Answer: TypeAlias = ChatRef | SendReceipt | Fetched | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to the outside. ``find`` looks up what became of an earlier attempt; None: repeating is harmless.

    ``begins``: the row goes in flight first. ``once``: not worth repeating when it fails. ``fetches``: places in the
    message of the files it fetches.
    """

    row: OutboxRow
    run: Callable[[], Awaitable[Answer]]
    find: Callable[[], Awaitable[Found]] | None = None
    begins: bool = True
    once: bool = False
    fetches: tuple[int, ...] = ()
    role: str | None = None
    root_of: str | None = None
    digest: tuple[str, str] | None = None
    shown: tuple[ChatRef, Any] | None = None


Planned: TypeAlias = Call | Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Everything a call may need: who is out there, and what the operator set."""

    providers: Mapping[str, Provider]
    platforms: Mapping[str, Platform]
    policy: Policy
    media_link: Callable[[str], str]
    media_limit: int


class Planner:
    """Turns a row into a call, or settles it on the spot when nothing is to be done."""

    def __init__(self, outside: Outside) -> None:
        """Keep what is out there."""
        self._outside = outside
        self._kinds: dict[str, Callable[[Unit, OutboxRow, datetime], Planned]] = {
            "OpenThread": self._open_thread,
            "PostText": self._post_text,
            "PostMedia": self._post_media,
            "PostNote": self._post_note,
            "UpdateCard": self._update_card,
            "UpdateNote": self._update_note,
            "SetMark": self._set_mark,
            "AnswerPrivately": self._answer_privately,
            "SendText": self._send_text,
        }

    def plan(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Return what to do about a claimed row."""
        return self._kinds[row.kind](unit, row, now)

    # threads

    def _open_thread(self, unit: Unit, row: OutboxRow, _now: datetime) -> Planned:
        state = unit.load_conversation(row.conversation)
        thread = _thread(state, row)
        if thread is None or thread.state is not ThreadState.OPENING:
            return _skip(row)
        platform = self._outside.platforms[thread.platform]
        face = card(state, thread, self._outside.policy)

        async def run() -> ChatRef:
            shown_card = face
            if thread.earlier is not None and isinstance(platform, LinksMessages):
                shown_card = replace(face, earlier=await _link(platform, thread.earlier))
            return await platform.open_thread(thread.room, shown_card, key=row.key)

        return Call(
            row=row,
            run=run,
            find=_finder(platform, thread.room, None, row),
            role="card",
            root_of=thread.id,
            digest=(thread.id, digest_of(face)),
        )

    def _post_text(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        state = unit.load_message(row.message or "")
        thread = _live_thread(state, row)
        message, contact = state.message, state.contact
        if thread is None or message is None or contact is None:
            return _skip(row)
        if thread.root is None:
            return _later(row, now, 2.0)
        platform, root = self._outside.platforms[thread.platform], thread.root
        text = ThreadText(
            name=contact.name or shown(contact.address),
            body=message.body or (wording.EMPTY_MEDIA if message.media else wording.EMPTY_TEXT),
            note=wording.CAME_LATE if message.recovered else "",
        )
        return Call(
            row=row,
            run=lambda: platform.post_text(root, text, key=row.key),
            find=_finder(platform, thread.room, root, row),
            role="text",
        )

    def _post_media(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        state = unit.load_message(row.message or "")
        thread, message = _live_thread(state, row), state.message
        if thread is None or message is None:
            return _skip(row)
        if thread.root is None:
            return _later(row, now, 2.0)
        index, root = int(str(row.payload["index"])), thread.root
        medium = message.media[index]
        platform = self._outside.platforms[thread.platform]
        if medium.refused is not None or not isinstance(platform, CarriesMedia):
            return _skip(row)
        kept = unit.get_media(medium.stored) if medium.stored else None

        async def run() -> Fetched:
            content = kept or await self._fetch(message, medium)
            await platform.post_media(root, content, key=row.key)
            return Fetched({} if kept else {index: content})

        return Call(row=row, run=run, fetches=() if kept else (index,))

    def _post_note(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        state = unit.load_conversation(row.conversation)
        thread = _live_thread(state, row)
        if thread is None:
            return _skip(row)
        if thread.root is None:
            return _later(row, now, 2.0)
        platform, root, note = self._outside.platforms[thread.platform], thread.root, to_note(row.payload["note"])
        return Call(
            row=row,
            run=lambda: platform.post_note(root, note, key=row.key),
            find=_finder(platform, thread.room, root, row),
            role="note",
        )

    def _update_card(self, unit: Unit, row: OutboxRow, _now: datetime) -> Planned:
        state = unit.load_conversation(row.conversation)
        thread = _thread(state, row)
        if thread is None or thread.root is None or thread.state is not ThreadState.OPEN:
            return _skip(row)
        face, root = card(state, thread, self._outside.policy), thread.root
        digest = digest_of(face)
        if digest == unit.card_digest(thread.id):
            return _skip(row)
        platform = self._outside.platforms[thread.platform]

        async def run() -> None:
            shown_card = face
            if thread.earlier is not None and isinstance(platform, LinksMessages):
                shown_card = replace(face, earlier=await _link(platform, thread.earlier))
            await platform.update_card(root, shown_card)

        return Call(row=row, run=run, digest=(thread.id, digest))

    def _update_note(self, _unit: Unit, row: OutboxRow, _now: datetime) -> Planned:
        ref, note = to_ref(row.payload["ref"]), to_note(row.payload["note"])
        if ref is None:
            return _skip(row)
        platform = self._outside.platforms[ref.platform]
        return Call(row=row, run=lambda: platform.update_note(ref, note))

    def _set_mark(self, unit: Unit, row: OutboxRow, _now: datetime) -> Planned:
        ref = to_ref(row.payload["ref"])
        view = unit.post(ref) if ref is not None else None
        if view is None or view.mark is view.shown:
            return _skip(row)
        platform = self._outside.platforms[view.ref.platform]
        return Call(
            row=row,
            run=lambda: platform.set_mark(view.ref, view.mark, before=view.shown),
            shown=(view.ref, view.mark),
        )

    def _answer_privately(self, _unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        person = to_person(row.payload["person"])  # pyright: ignore[reportArgumentType] - JSON as we wrote it
        platform = self._outside.platforms[person.platform]
        stale = (now - row.created_at).total_seconds() > PRIVATE_SECONDS
        if stale or not isinstance(platform, AnswersPrivately):
            return _skip(row)
        room, handle = str(row.payload["room"]), str(row.payload["handle"])
        thread, note = to_ref(row.payload["thread"]), to_note(row.payload["note"])
        return Call(
            row=row,
            run=lambda: platform.answer_privately(person, room, thread, note, handle=handle),
            once=True,
        )

    # texts

    def _send_text(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        state = unit.load_message(row.message or "")
        if row.status == "checking":
            return self._look_up(state, row)
        verdict = before_send(state, int(str(row.payload["ticket"])), now)
        if isinstance(verdict, Drop):
            apply(unit, state, verdict.decision, now)
            return _skip(row)
        if isinstance(verdict, Wait):
            return Settlement(row=row, status="pending", next_at=verdict.until)
        if isinstance(verdict, FetchFirst):
            missing = tuple(place for place, medium in enumerate(verdict.message.media) if medium.stored is None)
            return Call(row=row, run=lambda: self._fetch_all(verdict.message), begins=False, fetches=missing)
        unit.save(Decision(messages=(verdict.message,)), now)
        provider, text = self._text(state, verdict.message, row)
        return Call(row=row, run=lambda: provider.send(text), find=_sent_finder(provider, text))

    def _look_up(self, state: State, row: OutboxRow) -> Planned:
        message = state.message
        if message is None:
            return _skip(row)
        if message.provider_id is not None:
            receipt = SendReceipt(message.provider_id, message.segments)
            return Call(row=row, run=_nothing, find=lambda: _known(receipt), begins=False)
        provider, text = self._text(state, message, row)
        return Call(row=row, run=_nothing, find=_sent_finder(provider, text), begins=False)

    def _text(self, state: State, message: Message, row: OutboxRow) -> tuple[Provider, OutboundMessage]:
        if state.conversation is None or state.contact is None:
            msg = "a text needs its conversation"
            raise LookupError(msg)
        line = self._outside.policy.lines[state.conversation.line]
        text = OutboundMessage(
            key=row.key,
            sender=line.address,
            recipient=state.contact.address,
            body=message.body,
            media_urls=tuple(self._outside.media_link(medium.stored) for medium in message.media if medium.stored),
            messaging_service=line.messaging_service,
            attempted_at=row.attempted_at,
        )
        return self._outside.providers[line.account], text

    async def _fetch_all(self, message: Message) -> Fetched:
        files: dict[int, MediaContent | str] = {}
        for index, medium in enumerate(message.media):
            if medium.stored is None and medium.refused is None:
                try:
                    files[index] = await self._fetch(message, medium)
                except MediaRefused as problem:
                    files[index] = str(problem)
        return Fetched(files)

    async def _fetch(self, message: Message, medium: Media) -> MediaContent:
        limit = self._outside.media_limit
        if message.kind is MessageKind.INBOUND:
            provider = self._outside.providers[message.account or ""]
            if isinstance(provider, FetchesMedia):
                return await provider.fetch_media(medium, limit=limit)
        elif message.origin is not None:
            platform = self._outside.platforms[message.origin.platform]
            if isinstance(platform, CarriesMedia):
                return await platform.fetch_media(medium, limit=limit)
        msg = "files cannot be fetched from there"
        raise MediaRefused(msg)


PRIVATE_SECONDS = 60.0
"""A private answer later than this helps nobody."""


def apply(unit: Unit, state: State, decision: Decision, now: datetime) -> None:
    """Save a decision and enqueue what leaves the process."""
    unit.save(decision, now, conversation=state.conversation.number if state.conversation else None)
    if waiting := drafts(state, decision):
        unit.enqueue(waiting, now)


def digest_of(face: object) -> str:
    """Return a short name of what a card looks like."""
    return hashlib.sha256(repr(face).encode()).hexdigest()[:32]


def _thread(state: State, row: OutboxRow) -> Thread | None:
    return next((thread for thread in state.threads if thread.id == row.payload["thread"]), None)


def _live_thread(state: State, row: OutboxRow) -> Thread | None:
    """The thread the row was made for, or the one that follows it in the same room."""
    thread = _thread(state, row)
    if thread is not None and thread.state is not ThreadState.LOST:
        return thread
    where = row.target.partition(":")[2]
    live = (known for known in state.threads if known.state is not ThreadState.LOST)
    return next((known for known in live if f"{known.platform}/{known.room}" == where), None)


def _finder(
    platform: Platform, room: str, thread: ChatRef | None, row: OutboxRow
) -> Callable[[], Awaitable[Found]] | None:
    if platform.capabilities.idempotent_post or not isinstance(platform, FindsPosted):
        return None
    since = row.attempted_at or row.created_at
    return lambda: platform.find_posted(room, thread, key=row.key, since=since)


def _sent_finder(provider: Provider, text: OutboundMessage) -> Callable[[], Awaitable[Found]]:
    if isinstance(provider, FindsSent):
        return lambda: provider.find_sent(text)
    return _nothing


async def _nothing() -> None:
    return None


async def _known(receipt: SendReceipt) -> SendReceipt:
    return receipt


async def _link(platform: LinksMessages, ref: ChatRef) -> str | None:
    try:
        return await platform.link(ref)
    except SendDeferred:
        raise
    except Exception:  # noqa: BLE001 - a card without the link is better than none
        return None


def _skip(row: OutboxRow) -> Settlement:
    return Settlement(row=row, status="skipped")


def _later(row: OutboxRow, now: datetime, seconds: float) -> Settlement:
    return Settlement(row=row, status="pending", next_at=now + timedelta(seconds=seconds))
