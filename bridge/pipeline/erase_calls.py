"""Rows that remove what the bot posted for a contact who was erased."""

from datetime import datetime

from bridge.pipeline.calls import Call, Outside, Planned, skip
from bridge.pipeline.payloads import to_ref
from bridge.ports.erasing import ErasesThreads
from bridge.ports.rows import OutboxRow, Settlement
from bridge.ports.store import Unit


class EraseCalls:
    """Plans the removal of threads; each call removes a part, until nothing of ours is there."""

    def __init__(self, outside: Outside) -> None:
        """Keep what is out there."""
        self._outside = outside

    def erase_thread(self, _unit: Unit, row: OutboxRow, _now: datetime) -> Planned:
        """Remove our posts in a thread; where a platform cannot, the row fails and so is shown to the operator."""
        root = to_ref(row.payload["ref"])
        if root is None:
            return skip(row)
        platform = self._outside.platforms[root.platform]
        if not isinstance(platform, ErasesThreads):
            return Settlement(row=row, status="failed", problem="the platform cannot remove posts")
        return Call(row=row, run=lambda: platform.erase_thread(root))
