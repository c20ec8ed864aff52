"""What a room is told in the morning."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bridge.domain.people import ChatRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Longest:
    """The conversation that waits longest; ``name`` is empty for a contact without one, ``root``: its thread."""

    number: int
    name: str
    address: str
    since: datetime | None
    root: ChatRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """``counts``: conversations by section of the queue, up to ``COUNTED``; ``longest``: None when nobody waits.

    ``opted_out``: how many contacts of these lines opted out since the digest before.
    """

    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    longest: Longest | None = None
    opted_out: int = 0
