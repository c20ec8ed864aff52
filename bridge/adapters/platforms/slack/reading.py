"""What reading one event needs to know, and the parts every event is made of."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bridge.adapters.platforms.slack.identity import Identity, Json, author, mapping, text
from bridge.adapters.platforms.slack.words import clean
from bridge.domain.people import ChatRef, Person, direct_room
from bridge.ports.errors import Unreadable

_KEY_PART = 300
_SECONDS_DIGITS = 11  # until the year 5138


@dataclass(frozen=True, slots=True)
class Reading:
    """The platform's configured name, who we are, the payload around the event, and whether it was read later."""

    platform: str
    us: Identity
    payload: Json
    recovered: bool = False

    def room(self, channel: str) -> str:
        """A channel as the bridge calls it: our direct messages with a person by that person."""
        who = self._human() if channel.startswith("D") else ""
        return direct_room(Person(self.platform, who)).room if who else channel

    def _human(self) -> str:
        """Who is in a direct message besides us: whoever the payload names first."""
        event = mapping(self.payload.get("event"))
        said = (mapping(event.get("message")), mapping(event.get("previous_message")), event)
        ids = (*(text(one, "user") for one in said), text(mapping(self.payload.get("user")), "id"))
        return clean(next((one for one in (*ids, text(self.payload, "user_id")) if one and one != self.us.user), ""))

    def ref(self, room: str, ts: str) -> ChatRef:
        """A message."""
        return ChatRef(self.platform, room, ts)

    def root(self, room: str, message: Json) -> ChatRef | None:
        """The root a message replies to, None for a root itself."""
        thread, ts = text(message, "thread_ts"), text(message, "ts") or text(message, "message_ts")
        return self.ref(room, clean(thread)) if thread and thread != ts else None

    def author(self, act: Json) -> Person:
        """Whose act it was."""
        return author(self.platform, self.us, act, self.payload)


def need(source: Json, key: str) -> str:
    """A string member that must be there."""
    value = clean(text(source, key))
    if not value:
        raise Unreadable(f"{key} is missing")
    return value


def key(*parts: str) -> str:
    """An external id: the same for every delivery of the same act."""
    return ":".join(clean(part)[:_KEY_PART] for part in parts)


def moment(ts: str) -> datetime | None:
    """When a message was posted: its id says so."""
    seconds, _, rest = ts.partition(".")
    if not (seconds.isdecimal() and rest.isdecimal() and len(seconds) <= _SECONDS_DIGITS):
        return None
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(rest[:6].ljust(6, "0")))
