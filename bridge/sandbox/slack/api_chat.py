"""chat.*: post, change, delete, show to one user, link."""

from bridge.sandbox.slack.backend import Backend
from bridge.sandbox.slack.blocks import with_ids
from bridge.sandbox.slack.errors import SlackError
from bridge.sandbox.slack.journal import Json
from bridge.sandbox.slack.methods import Method, demand, existing, visible, writable
from bridge.sandbox.slack.model import Channel, Ephemeral, Message
from bridge.sandbox.slack.mrkdwn import normalise, text_of
from bridge.sandbox.slack.shapes import message_shape

MOST_TEXT = 40_000
MOST_UPDATED_TEXT = 4_000
MOST_MARKDOWN = 12_000
CUSTOMIZED = ("username", "icon_url", "icon_emoji")


def post_message(world: Backend, arguments: Json) -> Json:
    """chat.postMessage."""
    channel = writable(world, arguments["channel"])
    if channel.restricted:
        raise SlackError(channel.restricted)
    _check_content(world, arguments)
    thread_ts = _thread(channel, arguments.get("thread_ts"))
    world.limits.check_post(channel.id)
    custom = any(arguments.get(name) for name in CUSTOMIZED)
    broadcast = bool(arguments.get("reply_broadcast")) and thread_ts is not None
    message = Message(
        ts="",
        channel=channel.id,
        text=_text(world, arguments),
        user=None if custom else world.bot_user_id,
        team=world.team_id,
        blocks=_blocks(world, arguments),
        attachments=arguments.get("attachments"),
        thread_ts=thread_ts,
        subtype="bot_message" if custom else "thread_broadcast" if broadcast else None,
        bot_id=world.bot_id,
        app_id=world.app_id,
        username=arguments.get("username") or (world.users[world.bot_user_id].real_name if custom else None),
        icons=_icons(arguments),
        metadata=arguments.get("metadata"),
    )
    world.talk.add(message)
    return {"channel": channel.id, "ts": message.ts, "message": message_shape(world, message, whole_metadata=True)}


def update(world: Backend, arguments: Json) -> Json:
    """chat.update."""
    channel = visible(world, arguments["channel"])
    if channel.archived:
        raise SlackError("is_inactive")
    message = existing(channel, arguments["ts"])
    member = world.bot_user_id in channel.members
    if message.bot_id != world.bot_id or message.subtype == "tombstone" or not member:
        raise SlackError("cant_update_message")
    if len(arguments.get("text") or "") > MOST_UPDATED_TEXT:
        raise SlackError("msg_too_long", violation=f"text over {MOST_UPDATED_TEXT} characters")
    _check_content(world, arguments)
    before = message_shape(world, message)
    changed = False
    if "text" in arguments or "markdown_text" in arguments:
        text = _text(world, arguments)
        changed, message.text = text != message.text, text
    # Text alone replaces the blocks too: Slack would otherwise show the old ones.
    message.blocks = _blocks(world, arguments)
    message.attachments = arguments.get("attachments", message.attachments)
    message.metadata = arguments.get("metadata", message.metadata) or None
    if changed:
        message.edited = {"user": message.user or world.bot_id, "ts": f"{world.seconds()}.000000"}
    world.talk.change(message, before)
    shape = message_shape(world, message, whole_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shape}


def delete(world: Backend, arguments: Json) -> Json:
    """chat.delete."""
    channel = visible(world, arguments["channel"])
    message = existing(channel, arguments["ts"])
    if message.bot_id != world.bot_id or channel.archived or world.bot_user_id not in channel.members:
        raise SlackError("cant_delete_message")
    world.talk.remove(message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(world: Backend, arguments: Json) -> Json:
    """chat.postEphemeral."""
    channel = writable(world, arguments["channel"])
    if arguments["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    if len(arguments.get("text") or "") > MOST_TEXT:
        raise SlackError("msg_too_long", violation=f"text over {MOST_TEXT} characters")
    _check_content(world, arguments)
    thread_ts = _thread(channel, arguments.get("thread_ts"))
    shown = Ephemeral(
        ts="",
        channel=channel.id,
        user=arguments["user"],
        text=_text(world, arguments),
        blocks=_blocks(world, arguments),
        thread_ts=thread_ts,
        username=arguments.get("username"),
    )
    # Without an active thread Slack shows nothing, yet answers as if it had.
    if thread_ts is None or channel.messages[thread_ts].replies:
        world.responses.show(shown)
    return {"message_ts": shown.ts or world.next_ts(channel)}


def get_permalink(world: Backend, arguments: Json) -> Json:
    """chat.getPermalink."""
    channel = visible(world, arguments["channel"])
    message = existing(channel, arguments["message_ts"])
    link = f"{world.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _thread(channel: Channel, ts: str | None) -> str | None:
    if ts is None:
        return None
    root = channel.messages.get(ts)
    if root is None:
        raise SlackError("thread_not_found")
    if root.is_reply or (root.subtype or "").startswith(("channel_", "group_")):
        raise SlackError("cannot_reply_to_message", violation="thread_ts must be the ts of a thread's root")
    return ts


def _check_content(world: Backend, arguments: Json) -> None:
    if any(arguments.get(name) for name in CUSTOMIZED):
        demand(world, "chat:write.customize")
    markdown = arguments.get("markdown_text")
    if markdown and (arguments.get("text") or arguments.get("blocks")):
        raise SlackError("markdown_text_conflict", violation="markdown_text excludes text and blocks")
    if markdown and len(markdown) > MOST_MARKDOWN:
        raise SlackError("msg_too_long", violation=f"markdown_text over {MOST_MARKDOWN} characters")
    if len(arguments.get("attachments") or []) > 100:  # noqa: PLR2004 - stated by the method's page
        raise SlackError("too_many_attachments", violation="over 100 attachments")


def _text(world: Backend, arguments: Json) -> str:
    text: str = arguments.get("text") or arguments.get("markdown_text") or text_of(arguments.get("blocks") or [])
    if len(text) > MOST_TEXT:
        world.violate("chat", f"text over {MOST_TEXT} characters is cut")
    return normalise(text[:MOST_TEXT])


def _blocks(world: Backend, arguments: Json) -> list[Json] | None:
    return with_ids(world, arguments["blocks"]) if arguments.get("blocks") else None


def _icons(arguments: Json) -> Json | None:
    if emoji := arguments.get("icon_emoji"):
        return {"emoji": emoji}
    address = arguments.get("icon_url")
    return {"image_36": address, "image_48": address, "image_72": address} if address else None


METHODS = {
    "chat.postMessage": Method(post_message, 5, "chat:write"),
    "chat.update": Method(update, 3, "chat:write"),
    "chat.delete": Method(delete, 3, "chat:write"),
    "chat.postEphemeral": Method(post_ephemeral, 4, "chat:write"),
    "chat.getPermalink": Method(get_permalink, 5),
}
