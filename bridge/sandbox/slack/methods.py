"""Which token, scopes and limits each Web API method has. Source: the method pages of docs.slack.dev."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bridge.sandbox.slack.backend import Backend
from bridge.sandbox.slack.errors import SlackError
from bridge.sandbox.slack.journal import Json
from bridge.sandbox.slack.model import Channel, Message

Handler = Callable[[Backend, Json], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """How a method is guarded. ``kind`` is the token's.

    ``scope`` None asks for no scope, or for one that depends on the channel's kind.
    """

    run: Handler
    tier: int
    scope: str | None = None
    kind: Literal["bot", "app"] = "bot"


def demand(world: Backend, scope: str) -> None:
    """Raise SlackError ``missing_scope`` unless the bot token has the scope."""
    if scope not in world.scopes:
        raise SlackError(
            "missing_scope",
            violation=f"scope {scope} is missing",
            needed=scope,
            provided=",".join(sorted(world.scopes)),
        )


def demand_for(world: Backend, channel: Channel, what: Literal["read", "history"]) -> None:
    """Demand the scope that reading this kind of channel takes."""
    prefix = {"public": "channels", "private": "groups", "im": "im"}[channel.kind]
    demand(world, f"{prefix}:{what}")


def visible(world: Backend, key: str) -> Channel:
    """The channel with this id, if the bot may know of it. Raises SlackError ``channel_not_found``."""
    channel = world.channels.get(key)
    if channel is None or (channel.kind != "public" and world.bot_user_id not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def writable(world: Backend, key: str) -> Channel:
    """The channel with this id, if the bot may post there. Raises SlackError."""
    if key in world.users:
        if world.users[key].team != world.team_id or key == world.bot_user_id:
            raise SlackError("channel_not_found")
        return world.direct_channel(key)
    channel = visible(world, key)
    if world.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def existing(channel: Channel, ts: str) -> Message:
    """A message of the channel. Raises SlackError ``message_not_found``."""
    if message := channel.messages.get(ts):
        return message
    raise SlackError("message_not_found")


def page(items: list[Json], arguments: Json, most: int, default: int = 100) -> tuple[list[Json], Json]:
    """One page of a list and the cursor part of the answer. Raises SlackError ``invalid_cursor``."""
    limit = int(arguments.get("limit") or default)
    if limit < 1:
        raise SlackError("invalid_limit", violation="limit must be at least 1")
    cursor = str(arguments.get("cursor") or "")
    prefix, _, offset = cursor.rpartition(":")
    if cursor and (prefix != "next" or not offset.isdigit()):
        raise SlackError("invalid_cursor", violation="cursor was never handed out")
    start = int(offset or 0)
    end = start + min(limit, most)
    following = f"next:{end}" if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": following}}
