"""Marks as reactions of the bot."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bridge.adapters.platforms.slack.web import SlackWeb
from bridge.domain.messages import Mark
from bridge.domain.people import ChatRef
from bridge.ports.clock import Clock
from bridge.ports.errors import SendDeferred, SendRejected

MARKS: Mapping[Mark, str] = {
    Mark.HELD: "hourglass_flowing_sand",
    Mark.ACCEPTED: "outbox_tray",
    Mark.DELIVERED: "ballot_box_with_check",
    Mark.FAILED: "warning",
    Mark.KEPT: "lock",
}
REST_SECONDS = 15.0
_NEEDS_NO_MARK = frozenset({"already_reacted", "no_reaction", "message_not_found"})


class Marks:
    """Puts and takes away marks. Slack lets an app take away fewer reactions a minute (Tier 2) than put (Tier 3)."""

    def __init__(self, web: SlackWeb, clock: Clock) -> None:
        """Nothing was called yet."""
        self._web = web
        self._clock = clock
        self._removals_from: datetime | None = None

    async def change(self, ref: ChatRef, mark: Mark, before: Mark) -> bool:
        """Show ``mark``, then take ``before`` away, so that there is always one; False when that one must wait."""
        if mark in MARKS:
            await self._react("reactions.add", ref, MARKS[mark])
        if before is mark or before not in MARKS:
            return True
        try:
            await self._remove(ref, MARKS[before])
        except SendDeferred:
            if mark not in MARKS:
                raise
            return False
        return True

    async def _remove(self, ref: ChatRef, name: str) -> None:
        """Take a reaction away, unless Slack said not long ago that it has had enough of that."""
        wait = (self._removals_from - self._clock()).total_seconds() if self._removals_from else 0.0
        if wait > 0:
            raise SendDeferred("Slack is limiting calls", wait, whole_target=True)
        try:
            await self._react("reactions.remove", ref, name)
        except SendDeferred as problem:
            if problem.whole_target:
                self._removals_from = self._clock() + timedelta(seconds=problem.retry_after or REST_SECONDS)
            raise

    async def _react(self, method: str, ref: ChatRef, name: str) -> None:
        try:
            await self._web.call(method, channel=ref.room, timestamp=ref.id, name=name)
        except SendRejected as error:
            if error.code not in _NEEDS_NO_MARK:
                raise
