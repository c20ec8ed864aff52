"""Where a platform keeps how far it has read, together with what it read."""

from collections.abc import Mapping, Sequence

from bridge.observability import ACCEPTED
from bridge.ports.clock import Clock
from bridge.ports.platform import RawChatEvent
from bridge.ports.rows import InboxDraft
from bridge.ports.store import Store, Unit


class ChatMemory:
    """The memory of one platform."""

    def __init__(self, store: Store, platform: str, clock: Clock) -> None:
        """Keep things under the platform's name."""
        self._store = store
        self._source = f"chat:{platform}"
        self._clock = clock

    async def recall(self, name: str) -> str | None:
        """What was kept last under this name."""
        return await self._store.transact(lambda unit: unit.remembered(self._source, name))

    async def keep(self, events: Sequence[RawChatEvent], words: Mapping[str, str]) -> None:
        """Commit events and words in one transaction."""
        drafts = [InboxDraft(self._source, event.external_id, "event", event.body) for event in events]

        def work(unit: Unit) -> None:
            unit.accept(drafts, self._clock())
            unit.remember(self._source, words)

        await self._store.transact(work)
        ACCEPTED.labels(self._source).inc(len(events))
