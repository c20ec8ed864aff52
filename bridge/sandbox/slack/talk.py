"""Messages and reactions: how they change the state, and which events and changes that makes."""

import json
import re

from bridge.sandbox.slack.delivery import Delivery
from bridge.sandbox.slack.journal import Change, Json
from bridge.sandbox.slack.model import Channel, Message
from bridge.sandbox.slack.shapes import message_shape
from bridge.sandbox.slack.state import State

SLACKBOT = "USLACKBOT"
RINGING = re.compile(r'<!(?:here|channel|everyone|subteam)|<@[UW]|"type": "(?:broadcast|user|usergroup)"')


class Talk:
    """Every change to a channel's messages goes through here, whether a person or the app makes it."""

    def __init__(self, state: State, delivery: Delivery) -> None:
        """Change ``state`` and tell the app through ``delivery``."""
        self._state = state
        self._delivery = delivery

    def add(self, message: Message) -> Message:
        """Post a message whose ``ts`` is still empty."""
        channel = self._state.channels[message.channel]
        message.ts = self._state.next_ts(channel)
        channel.messages[message.ts] = message
        if message.thread_ts and (root := channel.messages.get(message.thread_ts)):
            root.thread_ts = root.ts
            root.replies.append(message.ts)
        if message.bot_id == self._state.bot_id and rings(message):
            self._state.rung.append(message)
        self._publish("message", message)
        self._delivery.event(self._event(channel, message), channel)
        if self._mentions_bot(message) and channel.kind != "im":
            self._delivery.event(self._mention_event(channel, message), channel)
        return message

    def change(self, message: Message, before: Json) -> None:
        """Tell of a change already made; ``before`` is the message as it was."""
        channel = self._state.channels[message.channel]
        self._publish("message_changed", message)
        self._delivery.event(
            self._hidden(channel, "message_changed")
            | {"message": message_shape(self._state, message), "previous_message": before},
            channel,
        )

    def remove(self, message: Message) -> None:
        """Delete a message; the root of a thread with replies leaves a tombstone."""
        channel = self._state.channels[message.channel]
        before = message_shape(self._state, message)
        if message.replies:
            self._bury(message)
            self.change(message, before)
            return
        self.forget(message)
        self._delivery.event(
            self._hidden(channel, "message_deleted") | {"deleted_ts": message.ts, "previous_message": before}, channel
        )

    def forget(self, message: Message) -> None:
        """Take a message away without an event."""
        channel = self._state.channels[message.channel]
        channel.messages.pop(message.ts, None)
        if message.is_reply and (root := channel.messages.get(message.root_ts)) and message.ts in root.replies:
            root.replies.remove(message.ts)
        self._publish("message_deleted", message)

    def react(self, message: Message, user: str, name: str) -> bool:
        """Add a reaction; false when that user had already given it."""
        users = message.reactions.setdefault(name, [])
        if user in users:
            return False
        users.append(user)
        self._reaction("reaction_added", message, user, name)
        return True

    def unreact(self, message: Message, user: str, name: str) -> bool:
        """Take a reaction back; false when that user had not given it."""
        users = message.reactions.get(name, [])
        if user not in users:
            return False
        users.remove(user)
        if not users:
            del message.reactions[name]
        self._reaction("reaction_removed", message, user, name)
        return True

    def _reaction(self, kind: str, message: Message, user: str, name: str) -> None:
        channel = self._state.channels[message.channel]
        event: Json = {
            "type": kind,
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": channel.id, "ts": message.ts},
            "item_user": message.user or self._state.bot_user_id,
            "event_ts": self._state.next_ts(channel),
        }
        self._publish(kind, message, {"user": user, "reaction": name})
        self._delivery.event(event, channel)

    def _event(self, channel: Channel, message: Message) -> Json:
        event = message_shape(self._state, message) | {
            "channel": channel.id,
            "channel_type": channel.event_kind,
            "event_ts": message.ts,
        }
        if message.subtype == "thread_broadcast" and message.thread_ts:
            event["root"] = message_shape(self._state, channel.messages[message.thread_ts])
        return event

    def _mention_event(self, channel: Channel, message: Message) -> Json:
        event = self._event(channel, message) | {"type": "app_mention"}
        return {key: value for key, value in event.items() if key not in ("channel_type", "subtype", "root")}

    def _hidden(self, channel: Channel, subtype: str) -> Json:
        ts = self._state.next_ts(channel)
        return {
            "type": "message",
            "subtype": subtype,
            "hidden": True,
            "channel": channel.id,
            "channel_type": channel.event_kind,
            "ts": ts,
            "event_ts": ts,
        }

    def _mentions_bot(self, message: Message) -> bool:
        spoken = message.bot_id is None and not (message.subtype or "").startswith(("channel_", "group_"))
        return spoken and f"<@{self._state.bot_user_id}>" in message.text

    def _bury(self, message: Message) -> None:
        message.subtype, message.user, message.text = "tombstone", SLACKBOT, "This message was deleted."
        message.blocks = message.attachments = message.metadata = message.username = message.bot_id = None
        message.files.clear()
        message.reactions.clear()

    def _publish(self, kind: str, message: Message, data: Json | None = None) -> None:
        data = data or message_shape(self._state, message, whole_metadata=True)
        self._state.feed.publish(Change(kind, message.channel, message.ts, message.user, data))


def rings(message: Message) -> bool:
    """Whether a message of an app notifies people: a mention in its text or in its blocks."""
    written = json.dumps([message.text, message.blocks, message.attachments], ensure_ascii=False)
    return RINGING.search(written) is not None
