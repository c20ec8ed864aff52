"""What the soak asks of a chat platform: what teammates do there, what goes wrong with it, what is seen at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol, runtime_checkable

LATE = "Received while the bridge was away."


class NotOffered(Exception):
    """Nobody can do this here (any more)."""


@dataclass(frozen=True)
class Root:
    """A card: what its thread hangs from. ``number``: the conversation's, empty when the card does not say."""

    room: str
    id: str
    number: str


@dataclass(frozen=True)
class Shown:
    """A contact's text as it stands in a thread; ``late``: marked as found later."""

    words: str
    late: bool


class Team(Protocol):
    """A team on one platform. ``aside``: words that make a reply be asked about; ``rooms``: by contact."""

    platform: str
    aside: str
    rooms: dict[str, str]

    @property
    def members(self) -> Sequence[str]:
        """Ids of its people, in the order of their names."""
        ...

    def root(self, contact: str) -> Root | None:
        """The newest card of a contact."""
        ...

    async def write(self, who: str, root: Root, words: str, *, picture: bytes = b"") -> str:
        """Write in a thread; returns the message's id."""
        ...

    async def edit(self, who: str, room: str, message: str, words: str) -> None:
        """Change what one wrote. Raises ``NotOffered``."""
        ...

    async def delete(self, who: str, room: str, message: str) -> None:
        """Delete what one wrote. Raises ``NotOffered``."""
        ...

    async def react(self, who: str, room: str, message: str, name: str) -> None:
        """React, or take the reaction back that is there. Raises ``NotOffered``."""
        ...

    async def command(self, who: str, root: Root, words: str) -> bool:
        """Tell the bot in the room; returns whether it will certainly be heeded."""
        ...

    async def press(self, who: str, root: Root, action: str) -> None:
        """Use what the card offers for an act, or its word. Raises ``NotOffered``."""
        ...

    async def assign(self, who: str, root: Root, name: str) -> None:
        """Give a conversation to a teammate, as the platform offers it."""
        ...

    def trouble(self, random: Random) -> None:
        """Let something go wrong with the platform."""
        ...

    def mend(self) -> None:
        """Let nothing more go wrong."""
        ...

    async def caught_up(self, contacts: Sequence[str], seconds: float) -> bool:
        """Return once all that was written has been read by the bridge; False when that takes too long."""
        ...

    async def look(self) -> None:
        """Look at everything, before what follows is asked."""
        ...

    def shown(self, contact: str) -> Sequence[Shown]:
        """The contact's texts in every thread, oldest first."""
        ...

    def pictures(self, contact: str) -> Sequence[str]:
        """The bot's files in the contact's threads."""
        ...

    def offered(self) -> set[str]:
        """Messages that a note in a thread has buttons for: a person is asked, or told."""
        ...

    def place(self, room: str, message: str) -> float:
        """What messages of a room are sorted by to be in the order in which they were written."""
        ...

    def dump(self) -> object:
        """Everything the platform knows, to look things up in."""
        ...


@runtime_checkable
class GoesAway(Protocol):
    """The platform itself is away at times."""

    async def away(self, random: Random) -> None:
        """Be gone for a while, and come back."""
        ...


@runtime_checkable
class Seals(Protocol):
    """What is said on the platform is encrypted."""

    def unreadable(self) -> Sequence[str]:
        """Posts of the bot that its people cannot read, and why."""
        ...

    def told_unreadable(self) -> Sequence[tuple[str, str]]:
        """Rooms and messages of which a thread was told that the bot cannot read them."""
        ...
