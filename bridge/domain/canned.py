"""Canned responses: answers prepared once, for everybody or for one team."""

from dataclasses import dataclass
from datetime import datetime

from bridge.domain.messages import Media


@dataclass(frozen=True, slots=True, kw_only=True)
class Canned:
    """A prepared answer. ``name``: lower case, one word; ``team``: whose it is, empty: everybody's.

    ``text``: a template, None where the configuration holds it and only ``uses`` is counted here. ``created_by``:
    ``Person.key``. ``files``: what goes with it; only responses of the configuration have any.
    """

    name: str
    team: str = ""
    text: str | None = None
    created_by: str = ""
    updated_at: datetime | None = None
    uses: int = 0
    files: tuple[Media, ...] = ()

    @property
    def title(self) -> str:
        """The name as people write it: ``hours``, or ``support/hours`` for a team's own."""
        return f"{self.team}/{self.name}" if self.team else self.name
