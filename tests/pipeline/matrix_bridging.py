"""The same over the Matrix adapter, a real Synapse and a proxy that loses, refuses and cuts off."""

import asyncio
import itertools
import threading
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bridge.adapters.platforms.matrix.following import Follower
from bridge.adapters.platforms.matrix.platform import MatrixPlatform
from bridge.adapters.platforms.matrix.settings import MatrixSettings
from bridge.domain.people import ChatRef
from bridge.ports.errors import SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.platform import Memory, RawChatEvent
from bridge.ports.rows import InboxDraft
from bridge.ports.specs import PlatformContext
from bridge.ports.store import StoreUnavailable
from bridge.rules.addresses import shown
from tests.pipeline.bridging import Bridging
from tests.pipeline.doubles import Posted
from tests.services.faulty import Proxy, faulty
from tests.services.matrix import V3, relation
from tests.services.synapse import Account, Synapse

SOURCE = "chat:chat"
_NOT_NOW = (SendDeferred, SendOutcomeUnknown, SendRejected, StoreUnavailable)


@contextmanager
def faulty_beside(behind: str) -> Generator[Proxy]:
    """The proxy in a thread of its own: nothing of ours runs while it carries a call."""
    loop, made = asyncio.new_event_loop(), threading.Event()
    found: list[Proxy] = []

    async def serve() -> None:
        async with faulty(behind) as proxy:
            found.append(proxy)
            made.set()
            await over.wait()

    over = asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    made.wait(10)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


@dataclass
class Room:
    """A room, and what stands there as Ana sees it. ``asked``: how often each message was offered to be sent again."""

    server: Synapse
    proxy: Proxy
    bot: Account
    ana: Account
    id: str = ""
    contacts: Sequence[str] = ()
    questions: dict[str, str] = field(default_factory=dict[str, str])
    numbers: Any = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        """Make it and invite the bot."""
        made = {"preset": "private_chat", "invite": [self.bot.user_id]}
        self.id = self.server.call("POST", f"{V3}/createRoom", made, token=self.ana.access_token)["room_id"]

    def send(self, kind: str, content: Mapping[str, Any]) -> str:
        """Let Ana send an event; returns its id."""
        return self._put(f"send/{kind}", content)

    def redact(self, event: str) -> None:
        """Let Ana delete what she wrote."""
        self._put(f"redact/{quote(event)}", {})

    def _put(self, what: str, content: Mapping[str, Any]) -> str:
        path = f"{V3}/rooms/{quote(self.id)}/{what}/t{next(self.numbers)}"
        return str(self.server.call("PUT", path, content, token=self.ana.access_token)["event_id"])

    def _ours(self) -> list[Any]:
        path = f"{V3}/rooms/{quote(self.id)}/messages?dir=f&limit=1000"
        events = self.server.call("GET", path, token=self.ana.access_token)["chunk"]
        return [one for one in events if one["sender"] == self.bot.user_id and one["type"] == "m.room.message"]

    @property
    def posts(self) -> list[Posted]:
        """The bot's messages, oldest first; a card's words are its contact's address."""
        return [post for post in map(self._post, self._ours()) if post is not None]

    def _post(self, event: Any) -> Posted | None:
        kind, root = relation(event)
        content, ref = event["content"], ChatRef("chat", self.id, event["event_id"])
        if not kind and content.get("msgtype") == "m.text":
            contact = next(one for one in self.contacts if shown(one) in content["body"])
            return Posted(ref, "", None, contact, "card")
        if kind != "m.thread":
            return None
        if "com.beeper.per_message_profile" in content:
            return Posted(ref, "", root, content["body"].partition(": ")[2].partition("\n")[0], "text")
        return Posted(ref, "", root, content["body"], "note")

    @property
    def asked(self) -> Counter[str]:
        """How often each message was offered to be sent again; ``questions``: the newest note that did, by message."""
        found: Counter[str] = Counter()
        for event in self._ours():
            for action, value in event["content"].get("org.textbridge.buttons", {}).values():
                if action == "again" and relation(event)[0] == "m.thread":
                    found[value] += 1
                    self.questions[value] = event["event_id"]
        return found

    @property
    def gone(self) -> set[str]:
        """No thread vanishes here."""
        return set()


class MatrixBridging(Bridging):
    """One installation whose platform is a room on a homeserver."""

    def __init__(self, database: Path, undo: float, room: Room) -> None:
        self.room = room
        super().__init__(database, undo, room=room.id)
        self.rooms = room
        self.forgets = False
        self._again()

    def _made(self) -> MatrixPlatform:
        settings = {"homeserver": self.room.proxy.url, "user_id": self.room.bot.user_id}
        whole = MatrixSettings.model_validate({**settings, "access_token": self.room.bot.access_token})
        return MatrixPlatform(whole, PlatformContext(platform="chat", clock=self.clock, rooms=(self.room.id,)))

    def _again(self) -> None:
        """A process begins: it reads from where the one before had written down that it was."""
        platform = self._made()
        server: Any = platform._server
        server.sync = partial(server.sync, seconds=0)
        self.platforms["chat"] = platform
        self._follower = Follower(platform._hearing, _Kept(self), self.clock)

    def sync(self) -> bool:
        """Read what happened in the room; returns whether that went well."""
        try:
            self._loop.run_until_complete(self.platforms["chat"].start())
            self._loop.run_until_complete(self._follower._turn())
        except _NOT_NOW:
            return False
        return True

    def crash(self) -> None:
        super().crash()
        self._loop.run_until_complete(self.platforms["chat"].aclose())
        self._again()

    def mend(self) -> None:
        self.phones.troubles.pending.clear()
        self.room.proxy.faults.clear()

    def settle(self) -> None:
        self.mend()
        for _ in range(2):
            assert self.sync()
            super().settle()

    def close(self) -> None:
        self._loop.run_until_complete(self.platforms["chat"].aclose())
        super().close()


class _Kept(Memory):
    """Words and events in the store, unless the process dies just before."""

    def __init__(self, bridge: MatrixBridging) -> None:
        self._bridge = bridge

    async def recall(self, name: str) -> str | None:
        return self._bridge.transact(lambda unit: unit.remembered(SOURCE, name))

    async def keep(self, events: Sequence[RawChatEvent], words: Mapping[str, str]) -> None:
        if self._bridge.forgets:
            raise StoreUnavailable("the process died")
        drafts = [InboxDraft(SOURCE, event.external_id, "event", event.body) for event in events]
        self._bridge.transact(lambda unit: (unit.accept(drafts, self._bridge.now), unit.remember(SOURCE, words)))
