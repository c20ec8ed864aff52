"""Vendors that can do everything, or fail as the test wrote down."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from bridge.domain.cards import Card, Form, Note
from bridge.domain.events import DeliveryReported, TextReceived
from bridge.domain.messages import Media
from bridge.domain.people import ChatRef, Person
from bridge.ports.platform import RawChatEvent
from bridge.ports.provider import MediaContent, ProviderCapabilities
from tests.pipeline.doubles import Phones, Rooms

T = TypeVar("T")
PICTURE = MediaContent(b"picture", "image/jpeg", "photo.jpg")


class AblePhones(Phones):
    """A provider that lists texts and has their files. ``received``: what it lists, or how that fails."""

    capabilities: ClassVar[ProviderCapabilities] = ProviderCapabilities(
        findable=True, media_count=1, media_bytes=100, media_types=("image/jpeg",), rate=2.0, burst=3
    )
    received: Sequence[TextReceived] | Exception = ()
    since: datetime | None = None
    file: MediaContent | Exception = PICTURE

    def __init__(self) -> None:
        super().__init__()
        self.ends: dict[str, DeliveryReported | Exception] = {}
        self.asked: list[str] = []

    async def delivery(self, provider_id: str) -> DeliveryReported | None:
        self.asked.append(provider_id)
        return given(self.ends.get(provider_id))

    async def list_received(self, line: str, since: datetime) -> Sequence[TextReceived]:
        self.since = since
        return given(self.received)

    async def fetch_media(self, media: Media, *, limit: int) -> MediaContent:
        return given(self.file)


class AbleRooms(Rooms):
    """A platform that can do everything. ``replies``: what a thread reads, or how that fails, one after the other."""

    file: MediaContent | Exception = PICTURE
    address: str | Exception = "https://chat/1"
    clears: bool = True
    texts: tuple[tuple[str, object], ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self.replies: list[Sequence[RawChatEvent] | Exception] = []
        self.reads: list[tuple[ChatRef, datetime]] = []
        self.did: list[tuple[Any, ...]] = []
        self.said: list[Note] = []

    async def post_note(self, thread: ChatRef, note: Note, *, key: str) -> ChatRef:
        self.said.append(note)
        return await super().post_note(thread, note, key=key)

    async def tell_room(self, room: str, note: Note, *, key: str) -> ChatRef:
        self.said.append(note)
        return self._post("note", room, None, note.text, key)

    async def open_form(self, trigger: str, form: Form) -> None:
        self.did.append(("form", trigger, form))

    async def open_thread(self, room: str, card: Card, *, key: str) -> ChatRef:
        self.did.append(("card", card))
        return await super().open_thread(room, card, key=key)

    async def update_card(self, root: ChatRef, card: Card) -> None:
        self.did.append(("card", card))

    async def update_note(self, ref: ChatRef, note: Note) -> None:
        self.did.append(("note", ref, note))

    async def set_mark(self, ref: ChatRef, mark: Any, *, before: Any) -> bool:
        self.did.append(("mark", ref, mark, before))
        return self.clears

    async def post_media(self, thread: ChatRef, content: MediaContent, *, key: str) -> None:
        self.did.append(("file", thread, content, key))

    async def fetch_media(self, media: Media, *, limit: int) -> MediaContent:
        return given(self.file)

    async def link(self, ref: ChatRef) -> str:
        return given(self.address)

    async def answer_privately(
        self, person: Person, room: str, thread: ChatRef | None, note: Note, *, handle: str
    ) -> None:
        self.did.append(("private", person, room, thread, note, handle))

    async def read_thread(self, root: ChatRef, *, since: datetime) -> Sequence[RawChatEvent]:
        self.reads.append((root, since))
        return given(self.replies.pop(0)) if self.replies else ()


def given(value: T | Exception) -> T:
    """Return or raise what the test wrote down."""
    if isinstance(value, Exception):
        raise value
    return value
