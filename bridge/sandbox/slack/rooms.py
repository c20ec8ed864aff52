"""What people do to channels: join, leave, rename, archive."""

from bridge.sandbox.slack.delivery import Delivery
from bridge.sandbox.slack.journal import Change
from bridge.sandbox.slack.model import Channel, Message
from bridge.sandbox.slack.state import State
from bridge.sandbox.slack.talk import Talk


class Rooms:
    """Acts that change a channel itself; each leaves a line in the channel, as in Slack."""

    def __init__(self, state: State, talk: Talk, delivery: Delivery) -> None:
        """Act on ``state``."""
        self._state = state
        self._talk = talk
        self._delivery = delivery

    def archive(self, channel: str, user: str | None = None) -> None:
        """Archive a channel."""
        room = self._state.channel(channel)
        actor = user or room.creator
        self._note(room, "archive", actor, "archived the channel")
        room.archived = True
        self._tell(room, "archive", {"channel": room.id, "user": actor, "is_moved": 0})

    def unarchive(self, channel: str, user: str | None = None) -> None:
        """Bring an archived channel back."""
        room = self._state.channel(channel)
        actor = user or room.creator
        room.archived = False
        self._note(room, "unarchive", actor, "un-archived the channel")
        self._tell(room, "unarchive", {"channel": room.id, "user": actor, "actor_id": actor})

    def rename_channel(self, channel: str, name: str, user: str | None = None) -> None:
        """Give a channel another name."""
        room = self._state.channel(channel)
        old, room.name = room.name, name
        words = f'has renamed the channel from "{old}" to "{name}"'
        self._note(room, "name", user or room.creator, words, name=name, old_name=old)
        described = {"id": room.id, "name": name, "name_normalized": name, "created": room.created}
        flags = {"is_channel": True, "is_mpim": False}
        self._tell(room, "rename", {"channel": described | flags})

    def invite(self, user: str, channel: str, inviter: str | None = None) -> None:
        """Add somebody (the bot too) to a channel."""
        person, room = self._state.user(user), self._state.channel(channel)
        if person.id in room.members:
            return
        room.members.append(person.id)
        by = {"inviter": self._state.user(inviter).id} if inviter else {}
        self._note(room, "join", person.id, f"<@{person.id}> has joined the channel", **by)
        self._membership("member_joined_channel", room, person.id, by)

    def kick(self, user: str, channel: str) -> None:
        """Remove somebody (the bot too) from a channel."""
        person, room = self._state.user(user), self._state.channel(channel)
        if person.id not in room.members:
            return
        self._note(room, "leave", person.id, f"<@{person.id}> has left the channel")
        # Told before it takes effect: the app hears of its own removal, and of nothing after it.
        self._membership("member_left_channel", room, person.id, {})
        room.members.remove(person.id)

    def _membership(self, kind: str, room: Channel, user: str, extra: dict[str, str]) -> None:
        event = {
            "type": kind,
            "user": user,
            "channel": room.id,
            "channel_type": "C" if room.kind == "public" else "G",
            "team": self._state.team_id,
            "event_ts": self._moment(),
        }
        self._delivery.event(event | extra, room)
        self._state.feed.publish(Change("channel", room.id, user=user))

    def _note(self, room: Channel, what: str, user: str, words: str, **extra: str) -> None:
        prefix = "channel" if room.kind == "public" else "group"
        subtype, team = f"{prefix}_{what}", self._state.team_id
        self._talk.add(Message("", room.id, words, user=user, team=team, subtype=subtype, extra=extra))

    def _tell(self, room: Channel, what: str, fields: dict[str, object]) -> None:
        prefix = "channel" if room.kind == "public" else "group"
        self._delivery.event({"type": f"{prefix}_{what}", "event_ts": self._moment()} | fields, room)
        self._state.feed.publish(Change("channel", room.id))

    def _moment(self) -> str:
        return f"{self._state.clock.timestamp():.6f}"
