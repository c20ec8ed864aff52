"""Matrix as a platform: what the ports ask for, in calls of the client-server API. One attempt each."""

import asyncio
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import ClassVar
from uuid import uuid4

from pydantic import SecretStr

from bridge.adapters.platforms.matrix import erasing, media, shapes
from bridge.adapters.platforms.matrix.appservice import Appservice
from bridge.adapters.platforms.matrix.check import Doctor
from bridge.adapters.platforms.matrix.commands import Describing
from bridge.adapters.platforms.matrix.crypto.audiences import Audiences
from bridge.adapters.platforms.matrix.directs import Directs
from bridge.adapters.platforms.matrix.earlier import Earlier
from bridge.adapters.platforms.matrix.encryption import Encryption
from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.following import Follower, place
from bridge.adapters.platforms.matrix.gathering import Gatherer
from bridge.adapters.platforms.matrix.hearing import Hearing
from bridge.adapters.platforms.matrix.homeserver import Homeserver
from bridge.adapters.platforms.matrix.names import Names
from bridge.adapters.platforms.matrix.parse import read
from bridge.adapters.platforms.matrix.queue import queue_content
from bridge.adapters.platforms.matrix.rooms import Rooms
from bridge.adapters.platforms.matrix.session import log_in
from bridge.adapters.platforms.matrix.settings import CAPABILITIES, MatrixSettings
from bridge.adapters.platforms.matrix.signs import BUTTONS, MARKS, signed
from bridge.adapters.platforms.matrix.words import address, bare
from bridge.domain.cards import Card, Note
from bridge.domain.events import ChatEvent
from bridge.domain.messages import Mark, Media
from bridge.domain.people import ChatRef, Person, RoomRef, direct_room, person_of, who_is_in
from bridge.domain.queue import Queue
from bridge.ports.erasing import Erased
from bridge.ports.errors import SendDeferred, SendRejected
from bridge.ports.platform import (
    AcceptChatEvents,
    HttpReply,
    HttpRequest,
    Memory,
    PlatformCapabilities,
    Posted,
    ThreadText,
)
from bridge.ports.provider import Finding, MediaContent
from bridge.ports.specs import PlatformContext
from bridge.ports.store import StoreUnavailable

_THERE_ALREADY = "M_DUPLICATE_ANNOTATION"
_MESSAGE = "m.room.message"
_MARK_SIGNS = frozenset(bare(sign) for signs in MARKS.values() for sign in signs)


class MatrixPlatform:
    """One account on one homeserver."""

    name: ClassVar[str] = "matrix"
    capabilities: ClassVar[PlatformCapabilities] = CAPABILITIES

    def __init__(self, settings: MatrixSettings, context: PlatformContext) -> None:
        """Nothing is opened before the first call."""
        self._platform = context.platform
        self._settings = settings
        self._us = settings.user_id
        self._server = Homeserver(settings.homeserver, settings.user_id)
        self._directs = Directs(self._server, self._us)
        self._rooms = Rooms(self._server, context.rooms, self._directs)
        self._encryption = Encryption(self._server, settings, Audiences(self._server, self._rooms))
        gatherer = Gatherer(self._server, self._encryption, self._us, context.clock, self._directs.public)
        self._clock = context.clock
        describing = Describing(self._server, self._rooms, self._us, context.commands)
        self._hearing = Hearing(self._server, self._encryption, gatherer, self._rooms, describing)
        self._earlier = Earlier(self._server, context.clock)
        self._names = Names(self._server)
        self._service = self._made_service(settings.hs_token) if settings.hs_token is not None else None
        self._memory: Memory | None = None
        self._logging_in = asyncio.Lock()
        self._started = False

    def _made_service(self, token: SecretStr) -> Appservice:
        return Appservice(self._hearing, token=token.get_secret_value(), start=self.start)

    # events

    def remember_in(self, memory: Memory) -> None:
        """Say where events and the place in them are kept."""
        self._memory = memory

    async def listen(self, accept: AcceptChatEvents) -> None:
        """Follow the rooms, or let events be pushed, until cancelled; the memory keeps what comes."""
        del accept
        if self._memory is None:
            raise RuntimeError("listen needs a memory: call remember_in first")
        if self._service is not None:
            await self._service.stay_in_touch(self._memory)
        else:
            await Follower(self._hearing, self._memory, self._clock).run()

    async def handle_http(self, request: HttpRequest, accept: AcceptChatEvents) -> HttpReply:
        """Take the homeserver's pushes and questions, as an application service does."""
        del accept
        if self._service is None or self._memory is None:
            return HttpReply(404)
        return await self._service.handle(request, self._memory)

    def parse(self, body: bytes) -> Sequence[ChatEvent]:
        """Read one stored event; ``ValueError`` for what cannot be read."""
        return read(body, self._platform, self._us)

    async def start(self) -> str:
        """Log in and enter our rooms, once; returns the bot's user id."""
        async with self._logging_in:
            if not self._started:
                await log_in(self._server, self._settings)
                await self._rooms.enter()
                await self._encryption.begin(self._rooms.all())
                self._directs.sealed = self._encryption.in_use
                if self._memory is not None:
                    await self._go_on_from(self._memory)
                self._started = True
        return self._us

    async def _go_on_from(self, memory: Memory) -> None:
        """Nothing is posted before we know from where on answers to it are read, and what was posted before."""
        try:
            await self._earlier.learn(memory, self._rooms.all())
            if self._service is None:
                await place(self._server, self._encryption, memory)
        except StoreUnavailable:
            raise SendDeferred("The database is unavailable") from None

    # posts

    async def open_thread(self, room: str, card: Card, *, key: str) -> ChatRef:
        """Post a card; it stands in no relation, since only then can a thread hang from it."""
        names = await self._known(_people_on(card))
        return await self._post(room, shapes.card_content(card, names, await self._directs.actual(room)), key)

    async def post_text(self, thread: ChatRef, text: ThreadText, *, key: str) -> Posted:
        """Show a contact's text under the contact's name."""
        shown = shapes.text_content(text, self._platform, await self._known(text.people))
        ref = await self._post(thread.room, shapes.threaded(shown, thread.id), key)
        posted = Posted(ref, self._server.time)
        if text.bump:
            await self._post(thread.room, shapes.bump_content(text.name, await self.link(thread)), f"{key}.bump")
        return posted

    async def post_note(self, thread: ChatRef, note: Note, *, key: str) -> ChatRef:
        """Say the bot's own words, and make the reactions that stand for buttons."""
        shown = await self._note(note)
        posted = await self._post(thread.room, shapes.threaded(shown, thread.id), key)
        await self._offer(posted, note)
        return posted

    async def tell_room(self, room: str, note: Note, *, key: str) -> ChatRef:
        """Say the bot's own words in a room itself."""
        return await self._post(room, await self._note(note), key)

    async def _post(self, room: str, shown: shapes.Content, key: str) -> ChatRef:
        await self.start()
        where = await self._directs.actual(room)
        event_id = self._earlier.find(key) or await self._encryption.send(where, _MESSAGE, shown, key)
        return ChatRef(self._platform, room, event_id)

    async def _offer(self, posted: ChatRef, note: Note) -> None:
        for sign, _ in signed(note.buttons):
            await self._react(posted, sign)

    async def update_card(self, root: ChatRef, card: Card) -> None:
        """Draw the card anew."""
        shown = shapes.card_content(card, await self._known(_people_on(card)), self._directs.known(root.room))
        await self._post(root.room, shapes.replacing(shown, root.id), _once())

    async def update_note(self, ref: ChatRef, note: Note) -> None:
        """Replace an earlier note, and the reactions that stood for its buttons."""
        await self._post(ref.room, shapes.replacing(await self._note(note), ref.id), _once())
        await self._take_back(ref, BUTTONS - {bare(sign) for sign, _ in signed(note.buttons)})
        await self._offer(ref, note)

    async def _note(self, note: Note, also: Sequence[Person] = ()) -> shapes.Content:
        people = [one for one in (*note.inserts, note.by) if isinstance(one, Person)]
        return shapes.note_content(note, self._platform, await self._known(people), also)

    async def _known(self, people: Sequence[Person]) -> shapes.NameOf:
        await self.start()
        mine = [person for person in people if person.platform == self._platform]
        await self._names.look_up([person.id for person in mine])
        return lambda person: self._names.of(person.id) if person.platform == self._platform else None

    # reactions

    async def set_mark(self, ref: ChatRef, mark: Mark, *, before: Mark) -> bool:  # noqa: ARG002 - asked of the room
        """Show the new mark, then take every other away: the one before, and what a call of unknown outcome left."""
        await self.start()
        shown = MARKS.get(mark, ())
        for sign in shown:
            await self._react(ref, sign)
        try:
            await self._take_back(ref, _MARK_SIGNS - {bare(sign) for sign in shown})
        except SendDeferred:
            if not shown:
                raise
            return False
        return True

    async def _react(self, ref: ChatRef, sign: str) -> None:
        relation = {"rel_type": "m.annotation", "event_id": ref.id, "key": sign}
        try:
            await self._server.send(self._directs.known(ref.room), "m.reaction", {"m.relates_to": relation}, _once())
        except SendRejected as error:
            if error.code != _THERE_ALREADY:
                raise

    async def _take_back(self, ref: ChatRef, signs: AbstractSet[str]) -> None:
        room = self._directs.known(ref.room)
        for reaction in await self._server.annotations(room, ref.id):
            if text(reaction, "sender") == self._us and bare(_sign(reaction)) in signs:
                await self._server.redact(room, text(reaction, "event_id"), _once())

    # abilities

    async def answer_privately(
        self, person: Person, room: str, thread: ChatRef | None, note: Note, *, handle: str
    ) -> None:
        """Answer where it was asked, notifying nobody else, or in a direct room, as the operator set it."""
        if shapes.is_shown_already(note):
            return
        asked = thread or ChatRef(self._platform, room, handle)
        if self._alone(room):
            note = replace(note, link=note.link or await self.link(asked)) if asked.id else note
            posted = await self._post(direct_room(person).room, await self._note(note), _once())
        else:
            posted = await self._below(asked, await self._note(note, (person,)))
        await self._offer(posted, note)

    def _alone(self, room: str) -> bool:
        return self._settings.private_answers == "direct" and who_is_in(room) is None

    async def _below(self, asked: ChatRef, shown: shapes.Content) -> ChatRef:
        return await self._post(asked.room, shapes.threaded(shown, asked.id) if asked.id else shown, _once())

    async def tell_queue(self, person: Person, room: str, queue: Queue, *, handle: str) -> None:
        """Answer the command it was asked for with."""
        people = [person_of(entry.assignee) for entry in queue.entries if entry.assignee is not None]
        shown = queue_content(queue, self._platform, await self._known(people), person)
        if self._alone(room):
            await self._post(direct_room(person).room, shown, _once())
        else:
            await self._below(ChatRef(self._platform, room, handle), shown)

    async def post_media(self, thread: ChatRef, content: MediaContent, *, key: str) -> None:
        """Show a file in a thread."""
        await self.start()
        sealed = await self._encryption.seals(await self._directs.actual(thread.room))
        shown = await media.upload(self._server, content, sealed=sealed)
        await self._post(thread.room, shapes.threaded(shown, thread.id), key)

    async def fetch_media(self, media_: Media, *, limit: int) -> MediaContent:
        """A teammate's file."""
        await self.start()
        return await media.download(self._server, media_, limit)

    async def erase_thread(self, root: ChatRef) -> Erased:
        """Redact some of our own posts in a thread; uploaded files stay with the homeserver, where nobody is led."""
        await self.start()
        return await erasing.erase(self._server, self._us, self._directs.known(root.room), root.id)

    async def link(self, ref: ChatRef) -> str:
        """The address of a message."""
        return address(self._directs.known(ref.room), ref.id)

    async def check(self, rooms: Sequence[RoomRef]) -> Sequence[Finding]:
        """Account, limits and rooms; posts nothing."""
        mine = [room.room for room in rooms if room.platform == self._platform]
        return await Doctor(self._server, self._settings).findings(mine)

    async def aclose(self) -> None:
        """Close the keys and the connections to the homeserver."""
        await self._encryption.aclose()
        await self._server.aclose()


def _people_on(card: Card) -> list[Person]:
    return [*(person for person, _, _ in card.held), *([card.assigned] if card.assigned else [])]


def _sign(reaction: Json) -> str:
    return text(mapping(mapping(reaction.get("content")).get("m.relates_to")), "key")


def _once() -> str:
    """A transaction id for what may be done twice without harm."""
    return uuid4().hex
