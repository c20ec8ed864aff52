"""auth.test, apps.connections.open, users.*, usergroups.*, reactions.*."""

from bridge.sandbox.slack import emoji
from bridge.sandbox.slack.backend import Backend
from bridge.sandbox.slack.errors import SlackError
from bridge.sandbox.slack.journal import Json
from bridge.sandbox.slack.methods import Method, existing, page, visible
from bridge.sandbox.slack.model import Message
from bridge.sandbox.slack.shapes import message_shape, user_shape, usergroup_shape

MOST_EMOJI = 23
MOST_REACTIONS = 50


def auth_test(world: Backend, _arguments: Json) -> Json:
    """auth.test."""
    return {
        "url": f"{world.base_url}/",
        "team": world.team_name,
        "user": world.users[world.bot_user_id].name,
        "team_id": world.team_id,
        "user_id": world.bot_user_id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(world: Backend, _arguments: Json) -> Json:
    """apps.connections.open."""
    return {"url": world.sockets.ticket_url()}


def users_info(world: Backend, arguments: Json) -> Json:
    """users.info."""
    user = world.users.get(arguments["user"])
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user_shape(world, user)}


def users_list(world: Backend, arguments: Json) -> Json:
    """users.list."""
    everyone = [user_shape(world, user) for user in world.users.values() if user.team == world.team_id]
    members, cursor = page(everyone, arguments, 1_000)
    return {"members": members, "cache_ts": world.seconds(), **cursor}


def usergroups_list(world: Backend, arguments: Json) -> Json:
    """usergroups.list."""
    users = bool(arguments.get("include_users"))
    return {"usergroups": [usergroup_shape(world, group, users=users) for group in world.usergroups.values()]}


def usergroups_users_list(world: Backend, arguments: Json) -> Json:
    """usergroups.users.list."""
    group = world.usergroups.get(arguments["usergroup"])
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


def reactions_add(world: Backend, arguments: Json) -> Json:
    """reactions.add."""
    message = _item(world, arguments)
    name: str = arguments["name"]
    mine = [users for users in message.reactions.values() if world.bot_user_id in users]
    if name not in message.reactions and len(message.reactions) >= MOST_REACTIONS:
        raise SlackError("too_many_reactions")
    if len(mine) >= MOST_EMOJI:
        raise SlackError("too_many_emoji")
    if not world.talk.react(message, world.bot_user_id, name):
        raise SlackError("already_reacted")
    return {}


def reactions_remove(world: Backend, arguments: Json) -> Json:
    """reactions.remove."""
    message = _item(world, arguments)
    if not world.talk.unreact(message, world.bot_user_id, arguments["name"]):
        raise SlackError("no_reaction")
    return {}


def reactions_get(world: Backend, arguments: Json) -> Json:
    """reactions.get."""
    if "channel" not in arguments or "timestamp" not in arguments:
        raise SlackError("no_item_specified", violation="channel and timestamp name the message")
    channel = visible(world, arguments["channel"])
    message = existing(channel, arguments["timestamp"])
    return {"type": "message", "channel": channel.id, "message": message_shape(world, message)}


def _item(world: Backend, arguments: Json) -> Message:
    if "channel" not in arguments or "timestamp" not in arguments:
        raise SlackError("no_item_specified", violation="channel and timestamp name the message")
    channel = visible(world, arguments["channel"])
    if world.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    if emoji.by_name(arguments["name"]) is None:
        raise SlackError("invalid_name", violation="no emoji of that name")
    return existing(channel, arguments["timestamp"])


METHODS = {
    "auth.test": Method(auth_test, 5),
    "apps.connections.open": Method(connections_open, 3, kind="app"),
    "users.info": Method(users_info, 4, "users:read"),
    "users.list": Method(users_list, 2, "users:read"),
    "usergroups.list": Method(usergroups_list, 2, "usergroups:read"),
    "usergroups.users.list": Method(usergroups_users_list, 2, "usergroups:read"),
    "reactions.add": Method(reactions_add, 3, "reactions:write"),
    "reactions.remove": Method(reactions_remove, 2, "reactions:write"),
    "reactions.get": Method(reactions_get, 3, "reactions:read"),
}
