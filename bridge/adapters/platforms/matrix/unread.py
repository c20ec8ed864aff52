"""Telling a thread that something in it could not be read. The same words twice are one event, by their id."""

from datetime import datetime, timedelta

from bridge.adapters.platforms.matrix import shapes
from bridge.adapters.platforms.matrix.encryption import Encryption
from bridge.adapters.platforms.matrix.waiting import KEPT, PATIENCE, Sealed, Waiting
from bridge.observability import alarm, log
from bridge.ports.errors import SendRejected

ASK_AFTER = timedelta(seconds=5)
ASKED_AT_ONCE = 20
_NOT_YET = (
    "⚠️ This message cannot be read yet, so it was not sent: its encryption key did not come. If the key comes, it is "
    "handled then. Delete it before you write it again."
)
_NEVER = "⚠️ This message cannot be read and was not sent: {}. Write it again."


class Teller:
    """Says it once."""

    def __init__(self, encryption: Encryption) -> None:
        """Speak through the rooms' encryption."""
        self._encryption = encryption
        self._late: set[str] = set()

    async def tell(self, sealed: Waiting, now: datetime) -> None:
        """Ask for keys that did not come, and tell threads of what waits too long. Raises the port's errors."""
        asked = 0
        for one in sealed:
            age = now - one.came
            if one.hopeless or age >= KEPT:
                await self._say(one, _NEVER.format(one.hopeless or "its key did not come"))
                sealed.drop(one.event_id)
                continue
            if age >= ASK_AFTER and asked < ASKED_AT_ONCE:
                asked += await self._encryption.ask_for_key(one.room, one.session, one.sender, one.device)
            if age >= PATIENCE and not one.told:
                await self._say(one, _NOT_YET)
                sealed.mark_told(one.event_id)
        late = {one.room for one in sealed if one.told}
        for room in late | self._late:
            alarm("encrypted messages cannot be read", room, on=room in late)
        self._late = late

    async def _say(self, one: Sealed, words: str) -> None:
        if not one.root:
            return
        relation = {"rel_type": "m.thread", "event_id": one.root, "m.in_reply_to": {"event_id": one.event_id}}
        shown = shapes.content("m.notice", words, words, {"user_ids": [one.sender]})
        key = f"unread.{one.event_id}.{'yet' if words == _NOT_YET else 'never'}"
        try:
            await self._encryption.send(one.room, "m.room.message", {**shown, "m.relates_to": relation}, key)
        except SendRejected as error:  # the bot may not speak there any more, or the thread is gone
            log().warning("unread message not told", platform="matrix", code=error.code)
