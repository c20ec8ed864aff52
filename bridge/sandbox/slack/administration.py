"""What happens to a workspace from outside a conversation: groups change, channels vanish, the app is removed."""

from collections.abc import Sequence

from bridge.sandbox.slack.composer import compose
from bridge.sandbox.slack.delivery import Delivery
from bridge.sandbox.slack.journal import Change
from bridge.sandbox.slack.model import Message, Usergroup
from bridge.sandbox.slack.mrkdwn import text_of
from bridge.sandbox.slack.shapes import usergroup_shape
from bridge.sandbox.slack.state import State
from bridge.sandbox.slack.talk import Talk

OTHER_BOT_ID = "B0000000099"
OTHER_APP_ID = "A0000000099"


class Administration:
    """Acts of administrators and of other apps."""

    def __init__(self, state: State, talk: Talk, delivery: Delivery) -> None:
        """Act on ``state``."""
        self._state = state
        self._talk = talk
        self._delivery = delivery

    def other_bot(self, channel: str, text: str, thread_ts: str | None = None, name: str = "weather") -> Message:
        """Let another app's bot write."""
        state = self._state
        known = next((user for user in state.users.values() if user.name == name), None)
        bot = known or state.add_user(name, email="")
        bot.is_bot = True
        blocks = compose(state, text)
        return self._talk.add(
            Message(
                ts="",
                channel=state.channel(channel).id,
                text=text_of(blocks),
                user=bot.id,
                team=bot.team,
                blocks=blocks,
                thread_ts=thread_ts,
                bot_id=OTHER_BOT_ID,
                app_id=OTHER_APP_ID,
            )
        )

    def delete_channel(self, channel: str) -> None:
        """Delete a channel with everything in it."""
        room = self._state.channel(channel)
        prefix = "channel" if room.kind == "public" else "group"
        self._delivery.event({"type": f"{prefix}_deleted", "channel": room.id, "event_ts": self._now()}, room)
        del self._state.channels[room.id]
        self._state.feed.publish(Change("channel", room.id))

    def change_channel_id(self, channel: str) -> str:
        """Give a channel another id, as sharing with another workspace can; returns the new one."""
        room = self._state.channel(channel)
        old, room.id = room.id, self._state.next_id("C")
        self._state.channels[room.id] = self._state.channels.pop(old)
        for message in room.messages.values():
            message.channel = room.id
        event = {"old_channel_id": old, "new_channel_id": room.id, "event_ts": self._now()}
        self._delivery.event({"type": "channel_id_changed"} | event, room)
        self._state.feed.publish(Change("channel", room.id))
        return room.id

    def set_usergroup(self, handle: str, members: Sequence[str]) -> Usergroup:
        """Change who is in a user group."""
        state = self._state
        group = next(group for group in state.usergroups.values() if group.handle == handle)
        before, after = set(group.members), set(members)
        group.members = list(members)
        self._delivery.event(
            {
                "type": "subteam_members_changed",
                "subteam_id": group.id,
                "team_id": state.team_id,
                "date_previous_update": state.seconds(),
                "date_update": state.seconds(),
                "added_users": sorted(after - before),
                "added_users_count": str(len(after - before)),
                "removed_users": sorted(before - after),
                "removed_users_count": str(len(before - after)),
                "event_ts": self._now(),
            }
        )
        shape = usergroup_shape(state, group, users=True)
        self._delivery.event({"type": "subteam_updated", "subteam": shape, "event_ts": self._now()})
        return group

    def uninstall(self) -> None:
        """Remove the app from the workspace: its tokens die, and it is told so."""
        tokens = {"oauth": list[str](), "bot": [self._state.bot_user_id]}
        self._delivery.event({"type": "tokens_revoked", "tokens": tokens, "event_ts": self._now()})
        self._delivery.event({"type": "app_uninstalled", "event_ts": self._now()})
        self._state.revoke_tokens()

    def _now(self) -> str:
        return f"{self._state.clock.timestamp():.6f}"
