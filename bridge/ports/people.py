"""What a platform may know of people before they act."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable


@runtime_checkable
class KnowsOutsiders(Protocol):
    """Who is a guest, or of another organisation, can be asked."""

    async def outsiders(self, people: Sequence[str]) -> frozenset[str]:
        """Those of these ids who are, as far as the platform says; it never fails, and is not asked twice."""
        ...
