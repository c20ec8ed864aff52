"""Rows that become something in a thread: cards, texts, files, notes, marks, private answers."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bridge.domain.cards import Note
from bridge.domain.conversations import State, Thread, ThreadState
from bridge.domain.messages import MessageStatus
from bridge.domain.people import ChatRef
from bridge.pipeline.calls import Call, Fetched, Found, Outside, Planned, apply, digest_of, skip
from bridge.pipeline.enqueue import room_target
from bridge.pipeline.files import fetch
from bridge.pipeline.links import permalink
from bridge.pipeline.payloads import to_note, to_ref, to_ring
from bridge.pipeline.places import has_left, is_replaced, live_thread, own_thread
from bridge.ports.platform import (
    CarriesMedia,
    FindsPosted,
    LinksMessages,
    Platform,
    ReadsThreads,
    TellsRooms,
    ThreadText,
)
from bridge.ports.rows import OutboxRow, Settlement
from bridge.ports.store import Unit
from bridge.rules import wording
from bridge.rules.cards import card, follower
from bridge.rules.history import author_of, carried, left_at, repeated
from bridge.rules.merged import sender
from bridge.rules.people import note_on
from bridge.rules.threads import line_of, replace_lost

COMMENTS, WORDS = 100, 100
"""How many comments, texts and replies are carried over at most."""
ACTS = 500
"""How far back on record a hand-over is looked for."""
LINK_SECONDS, LINK_PAUSE_SECONDS = 60.0, 0.5
"""How long a link waits for the card it leads to, and how often it looks for it."""
OPENS_SOON = timedelta(seconds=1)
"""How long a post waits for a thread that another lane is opening."""


class ThreadCalls:
    """Plans what is shown on a platform."""

    def __init__(self, outside: Outside) -> None:
        """Keep what is out there."""
        self._outside = outside

    def open_thread(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Post a card that a thread hangs from."""
        state = unit.load_conversation(row.conversation)
        thread = self._place(unit, state, row, now)
        if thread is None or thread.state is not ThreadState.OPENING or thread.id != row.payload["thread"]:
            return skip(row)  # one that follows has a row of its own
        return self._opening(state, thread, row, row.key)

    def _open_first(self, state: State, thread: Thread, row: OutboxRow, now: datetime) -> Planned:
        """Open the thread that a row needs: what would open it stands behind the row, in the same lane.

        A thread in another room is opened by that room's lane alone: two lanes would post two cards.
        """
        if row.target != room_target(thread.platform, thread.room):
            again = "checking" if row.status == "checking" else "pending"
            return Settlement(row=row, status=again, next_at=now + OPENS_SOON)
        return replace(self._opening(state, thread, row, f"{row.key}.card"), more=True)

    def _opening(self, state: State, thread: Thread, row: OutboxRow, key: str) -> Call:
        platform = self._outside.platforms[thread.platform]
        face = card(state, thread, self._outside.policy)

        async def run() -> ChatRef:
            shown_card = face
            if thread.earlier is not None and isinstance(platform, LinksMessages):
                shown_card = replace(face, earlier=await permalink(platform, thread.earlier))
            return await platform.open_thread(thread.room, shown_card, key=key)

        return Call(
            row=row,
            run=run,
            find=_finder(platform, thread.room, None, row, key),
            thread=thread.id,
            role="card",
            root_of=thread.id,
            rereads=isinstance(platform, ReadsThreads),
            digest=(thread.id, digest_of(face)),
        )

    def post_text(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Show a contact's text."""
        state = unit.load_message(row.message or "")
        thread = self._place(unit, state, row, now)
        message = state.message
        if thread is None or message is None:
            return skip(row)
        if thread.root is None:
            return self._open_first(state, thread, row, now)
        platform, root = self._outside.platforms[thread.platform], thread.root
        ring = to_ring(row.payload.get("ring"))
        text = ThreadText(
            name=sender(state),
            body=message.body or (wording.EMPTY_MEDIA if message.media else wording.EMPTY_TEXT),
            note=wording.CAME_LATE if message.recovered else "",
            people=ring.people,
            everyone=ring.room,
            bump=ring.bump,
        )
        return Call(
            row=row,
            run=lambda: platform.post_text(root, text, key=row.key),
            find=_finder(platform, thread.room, root, row, row.key),
            thread=thread.id,
            role="text",
        )

    def post_media(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Show a file of which we have a copy; fetch it first, in a turn of its own, since that may be repeated."""
        state = unit.load_message(row.message or "")
        thread, message = self._place(unit, state, row, now), state.message
        if thread is None or message is None:
            return skip(row)
        if thread.root is None:
            return self._open_first(state, thread, row, now)
        index, root = int(str(row.payload["index"])), thread.root
        medium = message.media[index]
        platform = self._outside.platforms[thread.platform]
        if medium.refused is not None or not isinstance(platform, CarriesMedia):
            return skip(row)
        kept = unit.get_media(medium.stored) if medium.stored else None
        if kept is None:

            async def take() -> Fetched:
                return Fetched({index: await fetch(self._outside, message, medium)})

            return Call(row=row, run=take, begins=False, fetches=(index,))
        return Call(
            row=row,
            run=lambda: platform.post_media(root, kept, key=row.key),
            find=_finder(platform, thread.room, root, row, row.key),
            thread=thread.id,
        )

    def _place(self, unit: Unit, state: State, row: OutboxRow, now: datetime) -> Thread | None:
        """The thread to post in; one in a room the line has left is followed by another here and now."""
        line = line_of(state.conversation, self._outside.policy)
        thread = live_thread(state.threads, row, line)
        if thread is None or not has_left(line, thread):
            return thread
        decision = replace_lost(state, thread, line, now=now)
        apply(unit, state, decision, now)
        changed = {known.id: known for known in (*state.threads, *decision.threads)}
        return live_thread(tuple(changed.values()), row, line)

    def post_note(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Say something in a thread; not a question that was answered meanwhile, in another room or by an edit."""
        note = to_note(row.payload["note"])
        return skip(row) if _is_answered(unit, row, note) else self._say(unit, row, note, now)

    def tell_room(self, _unit: Unit, row: OutboxRow, _now: datetime) -> Planned:
        """Say something in a room itself."""
        name, room = str(row.payload["platform"]), str(row.payload["room"])
        platform = self._outside.platforms[name]
        note = note_on(to_note(row.payload["note"]), name, self._outside.policy)
        link = to_ref(row.payload.get("link"))
        if not isinstance(platform, TellsRooms):
            return skip(row)

        async def run() -> ChatRef:
            address = (
                await permalink(platform, link) if link is not None and isinstance(platform, LinksMessages) else None
            )
            return await platform.tell_room(room, replace(note, link=address or ""), key=row.key)

        return Call(
            row=row,
            run=run,
            find=_finder(platform, room, None, row, row.key),
        )

    def carry_comments(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Repeat the comments of a conversation in a thread that did not have them."""
        found = unit.comments(row.conversation, COMMENTS)
        if row.payload.get("back"):
            since = _left_at(unit, row)
            found = [one for one in found if one.created_at >= since]
        note = carried([(author_of(one), one.body) for one in found])
        return skip(row) if note is None else self._say(unit, row, note, now)

    def carry_words(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Repeat in a thread what was said elsewhere: before a split or a hand-over, or since the thread was left."""
        source, told = int(str(row.payload["source"])), row.payload.get("since")
        since = datetime.fromisoformat(str(told)) if told is not None else _left_at(unit, row)
        state = unit.load_conversation(row.conversation)
        note = repeated(unit.words_since(source, since, WORDS), sender(state), latest=told is None)
        return skip(row) if note is None else self._say(unit, row, note, now)

    def _say(self, unit: Unit, row: OutboxRow, note: Note, now: datetime) -> Planned:
        state = unit.load_conversation(row.conversation)
        thread = self._place(unit, state, row, now)
        if thread is None:
            return skip(row)
        if thread.root is None:
            return self._open_first(state, thread, row, now)
        platform, root = self._outside.platforms[thread.platform], thread.root
        seen = note_on(note, thread.platform, self._outside.policy)
        link = row.payload.get("link")
        goal = unit.find_thread(str(link)) if link is not None else None
        if goal is not None and _is_awaited(goal, row, now):
            return _look_again(row, now)

        async def run() -> ChatRef:
            return await platform.post_note(root, await self._linked(seen, goal), key=row.key)

        return Call(
            row=row,
            run=run,
            find=_finder(platform, thread.room, root, row, row.key),
            thread=thread.id,
            role="note",
        )

    def update_card(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Draw the card anew if it would look different."""
        state = unit.load_conversation(row.conversation)
        thread = own_thread(state.threads, row)
        if thread is None or thread.root is None or thread.state not in (ThreadState.OPEN, ThreadState.MOVED):
            return skip(row)
        if is_replaced(line_of(state.conversation, self._outside.policy), state.threads, thread):
            return skip(row)
        after = follower(state, thread)
        if after is not None and _is_awaited(after, row, now):
            return _look_again(row, now)
        face, root = card(state, thread, self._outside.policy), thread.root
        digest = digest_of(face)
        if digest == unit.card_digest(thread.id):
            return skip(row)
        platform = self._outside.platforms[thread.platform]

        async def run() -> None:
            shown_card = face
            if thread.earlier is not None and isinstance(platform, LinksMessages):
                shown_card = replace(face, earlier=await permalink(platform, thread.earlier))
            if after is not None:
                shown_card = replace(shown_card, later=await self._address(after) or shown_card.later)
            await platform.update_card(root, shown_card)

        return Call(row=row, run=run, digest=(thread.id, digest))

    async def _linked(self, note: Note, goal: Thread | None) -> Note:
        address = await self._address(goal) if goal is not None else None
        return replace(note, link=address) if address else note

    async def _address(self, thread: Thread) -> str | None:
        platform = self._outside.platforms[thread.platform]
        return await permalink(platform, thread.root) if thread.root and isinstance(platform, LinksMessages) else None

    def update_note(self, _unit: Unit, row: OutboxRow, _now: datetime) -> Planned:
        """Replace an earlier note."""
        ref, note = to_ref(row.payload["ref"]), to_note(row.payload["note"])
        if ref is None:
            return skip(row)
        platform = self._outside.platforms[ref.platform]
        seen = note_on(note, ref.platform, self._outside.policy)
        return Call(row=row, run=lambda: platform.update_note(ref, seen))


def _left_at(unit: Unit, row: OutboxRow) -> datetime:
    """When the conversation left the thread that the row's hand-over brings it back to."""
    return left_at([act for act in unit.acts(row.conversation, ACTS) if act.at <= row.created_at]) or row.created_at


def _is_answered(unit: Unit, row: OutboxRow, note: Note) -> bool:
    if row.message is None or row.status == "checking":  # it may stand there already
        return False
    asks = any(button.action == wording.SEND for button in note.buttons)
    message = unit.load_message(row.message).message if asks else None
    return message is not None and message.status is not MessageStatus.HELD


def _is_awaited(thread: Thread, row: OutboxRow, now: datetime) -> bool:
    """Whether a link to this thread is worth a while: its card is still on its way."""
    return thread.root is None and (now - row.created_at).total_seconds() < LINK_SECONDS


def _look_again(row: OutboxRow, now: datetime) -> Settlement:
    return Settlement(row=row, status="pending", next_at=now + timedelta(seconds=LINK_PAUSE_SECONDS))


def _finder(
    platform: Platform, room: str, thread: ChatRef | None, row: OutboxRow, key: str
) -> Callable[[], Awaitable[Found]] | None:
    if platform.capabilities.idempotent_post or not isinstance(platform, FindsPosted):
        return None
    since = row.attempted_at or row.created_at
    return lambda: platform.find_posted(room, thread, key=key, since=since)
