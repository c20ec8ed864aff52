"""What people are called, asked once in a while."""

from collections.abc import Iterable

from bridge.adapters.platforms.matrix.errors import text
from bridge.adapters.platforms.matrix.homeserver import Homeserver, path
from bridge.adapters.platforms.matrix.words import cut, one_line
from bridge.ports.errors import SendDeferred, SendRejected

NAME_LIMIT = 80


class Names:
    """Display names by user id, for the life of the process."""

    def __init__(self, server: Homeserver) -> None:
        """Begin with nobody known."""
        self._server = server
        self._known: dict[str, str] = {}

    async def look_up(self, ids: Iterable[str]) -> None:
        """Learn the names that are not known yet; one that cannot be had now is asked for next time."""
        for user_id in dict.fromkeys(ids):
            if user_id in self._known:
                continue
            try:
                answer = await self._server.call("profile", "GET", path("profile", user_id, "displayname"))
            except (SendRejected, SendDeferred):
                continue
            self._known[user_id] = cut(one_line(text(answer, "displayname")), NAME_LIMIT)

    def of(self, user_id: str) -> str:
        """The display name, else the name in the id."""
        return self._known.get(user_id) or user_id.removeprefix("@").partition(":")[0]
