"""Taking back what was posted about a contact."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bridge.domain.people import ChatRef


@dataclass(frozen=True, slots=True)
class Erased:
    """What came of removing our posts. ``left``: posts seen that only people can remove; ``more``: ask once more."""

    removed: int
    left: int
    more: bool = False


@runtime_checkable
class ErasesThreads(Protocol):
    """What the bot posted can be taken away again, files included."""

    async def erase_thread(self, root: ChatRef) -> Erased:
        """Remove some of our own posts in a thread, its root last; harmless when they are gone.

        Never touches what people wrote. Raises the errors of ``bridge.ports.errors``.
        """
        ...
