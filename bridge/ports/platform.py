"""The team side: what a chat platform must offer, and what it may offer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, TypeAlias, runtime_checkable

from bridge.domain.cards import Card, Form, Note
from bridge.domain.events import ChatEvent
from bridge.domain.messages import Mark, Media
from bridge.domain.people import ChatRef, Person, RoomRef
from bridge.domain.queue import Queue
from bridge.ports.provider import Finding, MediaContent


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformCapabilities:
    """Facts about a platform, as data. ``rate``/``burst``: posts per second and room; ``edit_rate``: other calls.

    ``direct_rooms``: a room may be a person's direct message with the bot (``direct_room``). ``http_limit``: bytes of
    the longest request of its own (``TakesHttp``).
    """

    idempotent_post: bool = False
    findable: bool = True
    rate: float | None = None
    burst: int = 1
    edit_rate: float | None = None
    edit_burst: int = 1
    direct_rooms: bool = False
    http_limit: int = 1024 * 1024


@dataclass(frozen=True, slots=True)
class RawChatEvent:
    """An event as it came. ``external_id``: the same for every delivery of the same act, whatever the envelope says.

    ``thread``: the one it belongs to, if it does. ``urgent``: somebody waits for its being received. ``posted_at``: by
    the platform's clock; None for anything but a new post.
    """

    external_id: str
    body: bytes
    thread: ChatRef | None = None
    urgent: bool = False
    posted_at: datetime | None = None


AcceptChatEvents: TypeAlias = Callable[[Sequence[RawChatEvent]], Awaitable[None]]
"""Returns once the events are committed; raises when they are not, and then nothing may be acknowledged.

Without events: they flow from now on, after a time in which some may have been missed.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadText:
    """A contact's text as shown in a thread. ``name``: who wrote it; ``note``: a line of ours under it, or empty.

    ``people``, ``everyone``: whom it notifies; ``bump``: shown in the room itself too.
    """

    name: str
    body: str
    note: str = ""
    people: tuple[Person, ...] = ()
    everyone: bool = False
    bump: bool = False


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A platform's own request to us (Slack HTTP mode). ``headers``: lower-case names."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class HttpReply:
    """What to answer."""

    status: int
    content_type: str = "text/plain"
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of a post. ``at``: when the platform took it at the latest, by its own clock; None: it does not say."""

    ref: ChatRef
    at: datetime | None


class Platform(Protocol):
    """The team side. One instance per configured platform; ``name`` is its kind.

    All calls make one attempt, bounded in time, and raise the errors of ``bridge.ports.errors``. ``key``: our outbox
    id, unique per post, found again by ``FindsPosted``.
    """

    name: ClassVar[str]
    capabilities: ClassVar[PlatformCapabilities]

    async def listen(self, accept: AcceptChatEvents) -> None:
        """Run until cancelled; "received" is told to the platform only after ``accept`` returned."""
        ...

    def parse(self, body: bytes) -> Sequence[ChatEvent]:
        """Read one raw event. Pure; our own posts and kinds we do not know give an empty result."""
        ...

    async def start(self) -> str:
        """Log in once; returns the bot's own person id. Raises ``CredentialsRejected`` or ``SendDeferred``."""
        ...

    async def open_thread(self, room: str, card: Card, *, key: str) -> ChatRef:
        """Post a card that a thread hangs from."""
        ...

    async def post_text(self, thread: ChatRef, text: ThreadText, *, key: str) -> Posted:
        """Show a contact's text; nothing in it may be read as markup, mention or link preview."""
        ...

    async def post_note(self, thread: ChatRef, note: Note, *, key: str) -> ChatRef:
        """Say the bot's own words with buttons."""
        ...

    async def update_card(self, root: ChatRef, card: Card) -> None:
        """Draw the card anew in place."""
        ...

    async def update_note(self, ref: ChatRef, note: Note) -> None:
        """Replace an earlier note."""
        ...

    async def set_mark(self, ref: ChatRef, mark: Mark, *, before: Mark) -> bool:
        """Show ``mark`` instead of ``before`` on a message; doing it twice is harmless.

        Returns False when ``mark`` is shown but ``before`` could not be taken away for now.
        """
        ...

    async def check(self, rooms: Sequence[RoomRef]) -> Sequence[Finding]:
        """Look at credentials, scopes and ``rooms`` for ``doctor``; posts nothing."""
        ...

    async def aclose(self) -> None:
        """Close what was opened."""
        ...


@runtime_checkable
class FindsPosted(Protocol):
    """A post whose answer was lost can be looked up by its key."""

    async def find_posted(self, room: str, thread: ChatRef | None, *, key: str, since: datetime) -> ChatRef | None:
        """The post with this key, None when it is not there. Raises ``SendDeferred`` if it cannot tell."""
        ...


@runtime_checkable
class AnswersPrivately(Protocol):
    """One person can be told something the others do not see."""

    async def answer_privately(
        self, person: Person, room: str, thread: ChatRef | None, note: Note, *, handle: str
    ) -> None:
        """Best effort; ``handle`` is the one an event carried, empty when there is none."""
        ...


@runtime_checkable
class TellsRooms(Protocol):
    """Something can be said in a room itself, outside every thread."""

    async def tell_room(self, room: str, note: Note, *, key: str) -> ChatRef:
        """Say the bot's own words in a room."""
        ...


@runtime_checkable
class OpensForms(Protocol):
    """A window with questions can be opened for one person."""

    async def open_form(self, trigger: str, form: Form) -> None:
        """Open it; ``trigger`` is the one an event carried. Raises ``SendRejected`` when that is no longer good."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody types into a search field of a form. ``context``: the form's."""

    person: Person
    form: str
    context: str
    field: str
    typed: str


Choices: TypeAlias = Callable[[Asked], Awaitable[Sequence[tuple[str, str]]]]
"""Returns (value, label) of what fits, best first. Answers within a second or two; raises ``StoreUnavailable``."""


@runtime_checkable
class AsksForChoices(Protocol):
    """A form's search field asks us for choices while somebody types, and must be answered at once."""

    def ask(self, choices: Choices) -> None:
        """Say whom to ask, before events come in."""
        ...


@runtime_checkable
class TellsQueue(Protocol):
    """What waits can be told to one person as an answer."""

    async def tell_queue(self, person: Person, room: str, queue: Queue, *, handle: str) -> None:
        """Tell the queue; best effort, like ``answer_privately``."""
        ...


@runtime_checkable
class ShowsQueue(Protocol):
    """What waits can be shown to one person on a page of ours, with buttons."""

    async def rooms_of(self, person: Person, rooms: Sequence[str]) -> Sequence[str]:
        """Those of ``rooms`` the person is in. Raises the errors of ``bridge.ports.errors``."""
        ...

    async def publish_home(self, person: Person, queue: Queue) -> None:
        """Show the queue on the person's page, in the place of what stood there."""
        ...


@runtime_checkable
class CarriesMedia(Protocol):
    """Files go both ways."""

    async def post_media(self, thread: ChatRef, content: MediaContent, *, key: str) -> None:
        """Show a file in a thread."""
        ...

    async def fetch_media(self, media: Media, *, limit: int) -> MediaContent:
        """At most ``limit`` bytes of a teammate's file. Raises ``MediaRefused`` or ``SendDeferred``."""
        ...


@runtime_checkable
class ReadsThreads(Protocol):
    """What was written while we were away can be read from the threads."""

    async def read_thread(self, root: ChatRef, *, since: datetime) -> Sequence[RawChatEvent]:
        """Replies in a thread since then, oldest first, in the form ``parse`` reads. Raises ``SendDeferred``."""
        ...


class Memory(Protocol):
    """Words a platform keeps with its events, such as how far it has read them. Raises ``StoreUnavailable``."""

    async def recall(self, name: str) -> str | None:
        """What was kept last under this name."""
        ...

    async def keep(self, events: Sequence[RawChatEvent], words: Mapping[str, str]) -> None:
        """Commit events and words, by name, in one transaction: both are stored, or neither."""
        ...


@runtime_checkable
class Remembers(Protocol):
    """Asks for events from where it left off, and hands them to a memory instead of ``accept``."""

    def remember_in(self, memory: Memory) -> None:
        """Say where, before events come in."""
        ...


@runtime_checkable
class LinksMessages(Protocol):
    """A chat message has an address a browser opens."""

    async def link(self, ref: ChatRef) -> str:
        """A permalink. Raises the errors of ``bridge.ports.errors``."""
        ...


@runtime_checkable
class TakesHttp(Protocol):
    """Events come to us by HTTP."""

    async def handle_http(self, request: HttpRequest, accept: AcceptChatEvents) -> HttpReply:
        """Verify, accept, answer; 403-like replies store nothing."""
        ...
