"""What people do in the pretend Slack: write, edit, react, move channels about."""

from collections.abc import Sequence
from dataclasses import replace

from bridge.sandbox.slack import emoji
from bridge.sandbox.slack.administration import Administration
from bridge.sandbox.slack.blocks import with_ids
from bridge.sandbox.slack.composer import compose
from bridge.sandbox.slack.delivery import Delivery
from bridge.sandbox.slack.errors import ActRefused
from bridge.sandbox.slack.interactions import Interactions
from bridge.sandbox.slack.journal import Change, Json
from bridge.sandbox.slack.model import Channel, File, Message, User
from bridge.sandbox.slack.mrkdwn import text_of
from bridge.sandbox.slack.responses import Responses
from bridge.sandbox.slack.rooms import Rooms
from bridge.sandbox.slack.shapes import message_shape, user_shape
from bridge.sandbox.slack.state import State
from bridge.sandbox.slack.talk import Talk
from bridge.sandbox.slack.touches import Touches


class People(Rooms, Touches, Administration):
    """Acts of people. Users and channels are ids or names; whatever Slack's client forbids raises ActRefused."""

    def __init__(
        self, state: State, talk: Talk, delivery: Delivery, interactions: Interactions, responses: Responses
    ) -> None:
        """Act on ``state``."""
        Rooms.__init__(self, state, talk, delivery)
        Touches.__init__(self, state, interactions, responses)
        Administration.__init__(self, state, talk, delivery)

    def post(
        self,
        user: str,
        channel: str,
        text: str = "",
        *,
        blocks: Sequence[Json] | None = None,
        thread_ts: str | None = None,
        broadcast: bool = False,
        files: Sequence[str] = (),
        client_msg_id: str | None = None,
    ) -> Message:
        """Write a message as typed in the composer (or as ready rich_text ``blocks``), with uploaded file ids.

        ``/me words`` becomes a ``me_message``.
        """
        author, room = self._writer(user, channel)
        if thread_ts is not None and thread_ts not in room.messages:
            raise ActRefused("thread_not_found")
        spoken = text.removeprefix("/me ")
        made = with_ids(self._state, list(blocks)) if blocks is not None else compose(self._state, spoken)
        if not made and not files:
            raise ActRefused("no_text")
        for file in files:
            self._state.files[file].shares.add(room.id)
        return self._talk.add(
            Message(
                ts="",
                channel=room.id,
                text=text_of(made),
                user=author.id,
                team=author.team,
                blocks=made or None,
                thread_ts=thread_ts,
                subtype=_subtype(files=bool(files), broadcast=broadcast and thread_ts is not None, me=spoken != text),
                client_msg_id=client_msg_id or self._uuid(),
                files=list(files),
            )
        )

    def edit(self, user: str, channel: str, ts: str, text: str) -> Message:
        """Change an own message to what is now typed."""
        author, message = self._own(user, channel, ts)
        before = message_shape(self._state, message)
        message.blocks = compose(self._state, text)
        message.text = text_of(message.blocks)
        message.edited = {"user": author.id, "ts": f"{self._state.seconds()}.000000"}
        self._talk.change(message, before)
        return message

    def delete(self, user: str, channel: str, ts: str) -> None:
        """Delete an own message; a root with replies leaves a tombstone."""
        _, message = self._own(user, channel, ts)
        self._talk.remove(message)

    def delete_root(self, channel: str, ts: str) -> None:
        """Let a thread vanish as retention rules do: root and replies, without any event."""
        room = self._state.channel(channel)
        root = room.messages[ts]
        for reply in [room.messages[reply] for reply in root.replies]:
            self._talk.forget(reply)
        self._talk.forget(root)

    def unfurl(self, channel: str, ts: str, attachment: Json) -> None:
        """Add a link preview, which the app sees as ``message_changed`` without ``edited``."""
        message = self._state.message(channel, ts)
        before = message_shape(self._state, message)
        message.attachments = [*(message.attachments or []), {"id": len(message.attachments or []) + 1} | attachment]
        self._talk.change(message, before)

    def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """Give a reaction by its name, with or without colons and skin tone."""
        author, room = self._writer(user, channel)
        name = name.strip(":")
        if emoji.by_name(name) is None:
            raise ActRefused("invalid_name")
        if not self._talk.react(room.messages[ts], author.id, name):
            raise ActRefused("already_reacted")

    def unreact(self, user: str, channel: str, ts: str, name: str) -> None:
        """Take an own reaction back."""
        author, room = self._writer(user, channel)
        if not self._talk.unreact(room.messages[ts], author.id, name.strip(":")):
            raise ActRefused("no_reaction")

    def upload(self, user: str, name: str, content: bytes, mimetype: str = "application/octet-stream") -> str:
        """Upload a file; its id goes into ``files`` of ``post``."""
        state = self._state
        file = File(
            id=state.next_id("F"),
            name=name,
            title=name,
            mimetype=mimetype,
            user=state.user(user).id,
            content=content,
            created=state.seconds(),
            secret=state.secret(),
            uploaded=True,
            completed=True,
        )
        state.files[file.id] = file
        return file.id

    def change_user(self, user: str, **fields: str | bool | int) -> User:
        """Change a profile (``real_name``, ``name``, ``email``, ``deleted``) and send ``user_change``."""
        person = self._state.user(user)
        changed = replace(person, **fields)
        self._state.users[person.id] = changed
        event = {
            "type": "user_change",
            "user": user_shape(self._state, changed),
            "cache_ts": self._state.seconds(),
            "event_ts": self._moment(),
        }
        self._delivery.event(event)
        self._state.feed.publish(Change("channel", user=person.id))
        return changed

    def _writer(self, user: str, channel: str) -> tuple[User, Channel]:
        author, room = self._state.user(user), self._state.channel(channel)
        if room.archived:
            raise ActRefused("is_archived")
        if author.id not in room.members:
            raise ActRefused("not_in_channel")
        return author, room

    def _own(self, user: str, channel: str, ts: str) -> tuple[User, Message]:
        author, room = self._writer(user, channel)
        message = room.messages.get(ts)
        if message is None:
            raise ActRefused("message_not_found")
        if message.user != author.id or message.bot_id:
            raise ActRefused("cant_update_message")
        return author, message

    def _uuid(self) -> str:
        digits = f"{self._state.random.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _subtype(*, files: bool, broadcast: bool, me: bool) -> str | None:
    if files:
        return "file_share"
    if broadcast:
        return "thread_broadcast"
    return "me_message" if me else None
