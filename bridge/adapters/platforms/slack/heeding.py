"""Statuses on their way in: only what is new of somebody is stored, as profiles change for many reasons."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bridge.adapters.platforms.slack.identity import Json
from bridge.adapters.platforms.slack.raw import EVENTS, Delivery, delivery
from bridge.adapters.platforms.slack.statuses import away_until
from bridge.domain.events import ChatEvent, StatusChanged
from bridge.ports.platform import AcceptChatEvents


class Statuses:
    """What was heard of statuses since the start. Kept in memory only: what is told twice is decided once."""

    def __init__(self, *, heed: bool) -> None:
        """Nothing was heard yet. ``heed``: whether to store anything at all."""
        self._heed = heed
        self._heard: dict[str, tuple[bool, datetime | None]] = {}
        self._listed: list[Json] = []

    def listed(self, user: Json) -> None:
        """Somebody stands in the list that is read at the start."""
        if away_until(user)[0]:
            self._listed.append(user)

    async def take(self, accept: AcceptChatEvents, came: Delivery) -> bool:
        """Store a delivery that is about a status and news; whether it is about a status."""
        event = came.events[0] if came.events else None
        if not isinstance(event, StatusChanged):
            return False
        said = event.away, event.until
        if self._heed and self._heard.get(event.person.id) != said:
            await accept((replace(came.raw, urgent=True),))  # it belongs to no thread that must be read first
            self._heard[event.person.id] = said
        return True

    async def take_listed(self, accept: AcceptChatEvents, read: Callable[[bytes], Sequence[ChatEvent]]) -> None:
        """Store who was away before we listened."""
        found, self._listed = self._listed, []
        for user in found:
            event = {"type": "user_change", "user": user, "event_ts": str(user.get("updated"))}
            came = delivery(EVENTS, {"type": "event_callback", "event": event}, read)
            if came is not None:
                await self.take(accept, came)
