"""Rows that keep the bot's one mark on a message true."""

from datetime import datetime

from bridge.domain.messages import Mark
from bridge.pipeline.calls import Call, Lingering, Outside, Planned, skip
from bridge.pipeline.payloads import to_ref
from bridge.ports.rows import OutboxRow
from bridge.ports.store import Unit


class MarkCalls:
    """Plans marks: the newest is put at once, the one before goes when the platform allows it."""

    def __init__(self, outside: Outside) -> None:
        """Keep what is out there."""
        self._outside = outside

    def set_mark(self, unit: Unit, row: OutboxRow, _now: datetime) -> Planned:
        """Bring the mark on a message up to date: whatever it was to become when the row was made, it is now."""
        ref = to_ref(row.payload["ref"])
        view = unit.post(ref) if ref is not None else None
        if view is None or view.mark is view.shown:
            return skip(row)
        platform = self._outside.platforms[view.ref.platform]

        async def run() -> Lingering | None:
            gone = await platform.set_mark(view.ref, view.mark, before=view.shown)
            return None if gone else Lingering(view.ref, view.shown)

        return Call(row=row, run=run, shown=(view.ref, view.mark))

    def clear_mark(self, unit: Unit, row: OutboxRow, _now: datetime) -> Planned:
        """Take away a mark that was left beside a newer one, unless it is the true one again."""
        ref, mark = to_ref(row.payload["ref"]), Mark(str(row.payload["mark"]))
        view = unit.post(ref) if ref is not None else None
        if view is None or mark in (view.mark, view.shown):
            return skip(row)
        platform = self._outside.platforms[view.ref.platform]

        async def run() -> None:
            await platform.set_mark(view.ref, Mark.NONE, before=mark)

        return Call(row=row, run=run)
