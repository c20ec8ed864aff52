"""conversations.*: channels, their members and their messages."""

from collections.abc import Iterable

from bridge.sandbox.slack.backend import Backend
from bridge.sandbox.slack.errors import SlackError
from bridge.sandbox.slack.journal import Json
from bridge.sandbox.slack.methods import Method, demand, demand_for, page, visible
from bridge.sandbox.slack.model import Channel, Message
from bridge.sandbox.slack.shapes import channel_shape, message_shape

KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
KIND_SCOPES = {"public": "channels:read", "private": "groups:read", "im": "im:read", "mpim": "mpim:read"}


def info(world: Backend, arguments: Json) -> Json:
    """conversations.info."""
    channel = visible(world, arguments["channel"])
    demand_for(world, channel, "read")
    shape = channel_shape(world, channel)
    if not arguments.get("include_num_members"):
        shape.pop("num_members", None)
    return {"channel": shape}


def list_all(world: Backend, arguments: Json) -> Json:
    """conversations.list."""
    kinds: list[str] = []
    for name in str(arguments.get("types") or "public_channel").split(","):
        if name.strip() not in KINDS:
            raise SlackError("invalid_types", violation="unknown conversation type")
        kinds.append(KINDS[name.strip()])
        demand(world, KIND_SCOPES[kinds[-1]])
    found = [
        channel_shape(world, channel)
        for channel in world.channels.values()
        if channel.kind in kinds
        and (channel.kind == "public" or world.bot_user_id in channel.members)
        and not (arguments.get("exclude_archived") and channel.archived)
    ]
    channels, cursor = page(found, arguments, 1_000)
    return {"channels": channels, **cursor}


def members(world: Backend, arguments: Json) -> Json:
    """conversations.members."""
    channel = visible(world, arguments["channel"])
    demand_for(world, channel, "read")
    everyone, cursor = page([{"id": user} for user in channel.members], arguments, 1_000)
    return {"members": [user["id"] for user in everyone], **cursor}


def join(world: Backend, arguments: Json) -> Json:
    """conversations.join."""
    channel = visible(world, arguments["channel"])
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if world.bot_user_id in channel.members:
        return {"channel": channel_shape(world, channel), "warning": "already_in_channel"}
    world.rooms.invite(world.bot_user_id, channel.id)
    return {"channel": channel_shape(world, channel)}


def open_direct(world: Backend, arguments: Json) -> Json:
    """conversations.open, with one user."""
    if channel_id := arguments.get("channel"):
        return {"channel": {"id": visible(world, channel_id).id}}
    users = [user for user in str(arguments.get("users") or "").split(",") if user]
    if not users:
        raise SlackError("users_list_not_supplied", violation="neither channel nor users")
    if len(users) > 1:
        raise SlackError("missing_scope", violation="scope mpim:write is missing", needed="mpim:write")
    if users[0] not in world.users or users[0] == world.bot_user_id:
        raise SlackError("user_not_found")
    if world.users[users[0]].deleted:
        raise SlackError("user_disabled")
    channel = world.direct_channel(users[0])
    return {"channel": channel_shape(world, channel) if arguments.get("return_im") else {"id": channel.id}}


def history(world: Backend, arguments: Json) -> Json:
    """conversations.history: newest first, replies only when broadcast."""
    channel = _readable(world, arguments)
    shown = [message for message in channel.messages.values() if not message.is_reply or _broadcast(message)]
    chosen = sorted(_between(shown, arguments), key=_moment, reverse=True)
    return _messages(world, chosen, arguments, default=100)


def replies(world: Backend, arguments: Json) -> Json:
    """conversations.replies: the root first, then its replies, oldest first."""
    channel = _readable(world, arguments)
    asked = channel.messages.get(arguments["ts"])
    if asked is None:
        raise SlackError("thread_not_found")
    root = channel.messages[asked.root_ts]
    chosen = _between([channel.messages[ts] for ts in root.replies], arguments)
    return _messages(world, [root, *chosen], arguments, default=1_000)


def _readable(world: Backend, arguments: Json) -> Channel:
    channel = visible(world, arguments["channel"])
    demand_for(world, channel, "history")
    if world.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _broadcast(message: Message) -> bool:
    return message.subtype == "thread_broadcast"


def _moment(message: Message) -> float:
    return float(message.ts)


def _between(messages: Iterable[Message], arguments: Json) -> list[Message]:
    oldest, latest = _bound(arguments, "oldest"), _bound(arguments, "latest")
    inclusive = bool(arguments.get("inclusive"))

    def inside(message: Message) -> bool:
        at = _moment(message)
        late_enough = oldest is None or at > oldest or (inclusive and at == oldest)
        return late_enough and (latest is None or at < latest or (inclusive and at == latest))

    return [message for message in messages if inside(message)]


def _bound(arguments: Json, name: str) -> float | None:
    given = arguments.get(name)
    if given in (None, "", "now"):
        return None
    try:
        return float(given)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}", violation=f"{name} is not a ts") from None


def _messages(world: Backend, chosen: list[Message], arguments: Json, *, default: int) -> Json:
    whole = bool(arguments.get("include_all_metadata"))
    found = [{"ts": message.ts} for message in chosen]
    rows, cursor = page(found, arguments, world.limits.page_size(1_000), default)
    shown = {message.ts: message for message in chosen}
    more = bool(cursor["response_metadata"]["next_cursor"])
    messages = [message_shape(world, shown[row["ts"]], whole_metadata=whole) for row in rows]
    return {"messages": messages, "has_more": more} | (cursor if more else {})


METHODS = {
    "conversations.info": Method(info, 3),
    "conversations.list": Method(list_all, 2),
    "conversations.members": Method(members, 4),
    "conversations.join": Method(join, 3, "channels:join"),
    "conversations.open": Method(open_direct, 3, "im:write"),
    "conversations.history": Method(history, 3),
    "conversations.replies": Method(replies, 3),
}
