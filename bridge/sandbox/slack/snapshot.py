"""What one person sees of the workspace, as JSON for a page."""

from bridge.sandbox.slack.journal import Json
from bridge.sandbox.slack.model import Channel, User
from bridge.sandbox.slack.shapes import (
    channel_shape,
    ephemeral_shape,
    message_shape,
    user_shape,
    usergroup_shape,
    view_shape,
)
from bridge.sandbox.slack.state import State


def snapshot(state: State, user: User) -> Json:
    """Channels with messages and threads, reactions, own ephemeral messages, open modals and home tab."""
    channels = [
        channel for channel in state.channels.values() if channel.kind == "public" or user.id in channel.members
    ]
    home = state.homes.get(user.id)
    return {
        "now": state.clock.timestamp(),
        "team": {"id": state.team_id, "name": state.team_name},
        "bot": {"user_id": state.bot_user_id, "bot_id": state.bot_id, "app_id": state.app_id},
        "user": user_shape(state, user),
        "users": {person.id: user_shape(state, person) for person in state.users.values()},
        "usergroups": {group.id: usergroup_shape(state, group, users=True) for group in state.usergroups.values()},
        "channels": [_channel(state, channel, user) for channel in channels],
        "modals": [view_shape(state, view) for view in state.modals.get(user.id, [])],
        "home": view_shape(state, home) if home else None,
    }


def _channel(state: State, channel: Channel, user: User) -> Json:
    """A channel; ``messages`` holds roots and replies alike, ``ephemeral`` what only this user was shown."""
    readable = channel.kind == "public" or user.id in channel.members
    shown = [message_shape(state, message, whole_metadata=True) for message in channel.messages.values()]
    mine = [ephemeral_shape(state, message) for message in channel.ephemeral if message.user == user.id]
    return channel_shape(state, channel) | {
        "members": list(channel.members),
        "is_mine": user.id in channel.members,
        "messages": shown if readable else [],
        "ephemeral": mine,
    }
