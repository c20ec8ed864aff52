"""Users, channels, files, messages and views as Slack writes them in JSON."""

from zoneinfo import ZoneInfo

from bridge.sandbox.slack.journal import Json
from bridge.sandbox.slack.model import Channel, Ephemeral, File, Message, User, Usergroup, View
from bridge.sandbox.slack.state import State

NOT = ("is_admin", "is_owner", "is_primary_owner", "is_ultra_restricted", "is_app_user")
GONE = ("tombstone", "hidden_by_limit")
EMPTY = ("title", "phone", "skype", "status_text", "status_text_canonical", "status_emoji")


def user_shape(state: State, user: User) -> Json:
    """A user object; the email only with the scope ``users:read.email``."""
    offset = ZoneInfo(user.time_zone).utcoffset(state.clock.now().replace(tzinfo=None))
    return {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": user.deleted,
        "color": "4bbe2e",
        "tz": user.time_zone,
        "tz_label": user.time_zone.rpartition("/")[2].replace("_", " "),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": _profile(state, user),
        **dict.fromkeys(NOT, False),
        "is_restricted": user.guest,
        "is_bot": user.is_bot,
        "is_stranger": user.team != state.team_id,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
        "locale": "en-US",
        "updated": state.seconds(),
    }


def _profile(state: State, user: User) -> Json:
    first, _, last = user.real_name.partition(" ")
    picture = f"{state.base_url}/avatars/{user.id}.svg"
    profile: Json = dict.fromkeys(EMPTY, "") | {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "first_name": first,
        "last_name": last,
        "status_emoji_display_info": [],
        "status_emoji": user.status_emoji,
        "status_text": user.status_text,
        "status_expiration": user.status_expiration,
        "fields": None,
        "team": user.team,
        "avatar_hash": f"g{user.id.lower()}",
        **{f"image_{size}": picture for size in (24, 32, 48, 72, 192, 512)},
    }
    if user.is_bot:
        return profile | {"bot_id": state.bot_id, "api_app_id": state.app_id}
    if "users:read.email" in state.scopes and user.team == state.team_id:
        profile["email"] = user.email
    return profile


def channel_shape(state: State, channel: Channel) -> Json:
    """A conversation object as the bot sees it."""
    shape: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_im": channel.kind == "im",
        "is_mpim": False,
        "context_team_id": state.team_id,
    }
    if channel.kind == "im":
        other = next((user for user in channel.members if user != state.bot_user_id), state.bot_user_id)
        return shape | {"user": other, "is_user_deleted": False, "is_open": True}
    return shape | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": False,
        "is_private": channel.kind == "private",
        "is_member": state.bot_user_id in channel.members,
        "is_general": False,
        "is_shared": channel.shared,
        "is_ext_shared": channel.shared,
        "is_org_shared": False,
        "creator": channel.creator,
        "num_members": len(channel.members),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def usergroup_shape(state: State, group: Usergroup, *, users: bool) -> Json:
    """A user group object."""
    shape: Json = {
        "id": group.id,
        "team_id": state.team_id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "is_external": False,
        "date_delete": 0,
        "user_count": len(group.members),
    }
    return shape | {"users": list(group.members)} if users else shape


def file_shape(state: State, file: File) -> Json:
    """A file object with its private addresses."""
    address = f"{state.base_url}/files-pri/{state.team_id}-{file.id}"
    extension = file.name.rpartition(".")[2].lower()
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": extension or "binary",
        "pretty_type": extension.upper() or "Binary",
        "user": file.user,
        "user_team": state.users[file.user].team,
        "editable": False,
        "size": len(file.content),
        "mode": "hosted" if file.mode == "file_access" else file.mode,
        "is_external": file.mode == "external",
        "external_type": "",
        "display_as_bot": False,
        "username": "",
        "channels": [share for share in sorted(file.shares) if state.channels[share].kind == "public"],
        "groups": [share for share in sorted(file.shares) if state.channels[share].kind == "private"],
        "ims": [share for share in sorted(file.shares) if state.channels[share].kind == "im"],
        "is_public": any(state.channels[share].kind == "public" for share in file.shares),
        "public_url_shared": False,
        "url_private": file.external_url or f"{address}/{file.name}",
        "url_private_download": f"{address}/download/{file.name}",
        "permalink": f"{state.base_url}/files/{file.user}/{file.id}/{file.name}",
        "has_rich_preview": False,
        "file_access": "visible",
    }


def shared_file_shape(state: State, file: File) -> Json:
    """A file as a message carries it: whole, or only a hint that it is gone, hidden, or to be asked for."""
    if file.mode == "file_access":
        hint = {"file_access": "check_file_info", "created": 0, "timestamp": 0, "user": ""}
        return {"id": file.id, "mode": file.mode} | hint
    return {"id": file.id, "mode": file.mode} if file.mode in GONE else file_shape(state, file)


def metadata_shape(metadata: Json, *, whole: bool) -> Json:
    """Metadata as read back: without ``include_all_metadata`` only the type."""
    return metadata if whole else {"event_type": metadata["event_type"]}


def bot_profile(state: State) -> Json:
    """What tells which app wrote a message."""
    return {
        "id": state.bot_id,
        "app_id": state.app_id,
        "user_id": state.bot_user_id,
        "name": state.users[state.bot_user_id].real_name,
        "deleted": False,
        "updated": 0,
        "team_id": state.team_id,
        "icons": {},
    }


def thread_summary(state: State, message: Message) -> Json:
    """What a root tells about its replies."""
    room = state.channels[message.channel]
    authors = dict.fromkeys(room.messages[ts].user or state.bot_id for ts in message.replies)
    return {
        "thread_ts": message.ts,
        "reply_count": len(message.replies),
        "reply_users_count": len(authors),
        "reply_users": list(authors)[:5],
        "latest_reply": message.replies[-1],
        "is_locked": False,
        "subscribed": False,
    }


def message_shape(state: State, message: Message, *, whole_metadata: bool = False) -> Json:
    """A message as history, replies, answers and events carry it."""
    shape: Json = {"type": "message", "text": message.text, "ts": message.ts}
    optional: Json = {
        "subtype": message.subtype,
        "user": message.user,
        "team": message.team,
        "client_msg_id": message.client_msg_id,
        "bot_id": message.bot_id,
        "app_id": message.app_id,
        "username": message.username,
        "icons": message.icons,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "thread_ts": message.thread_ts,
        "edited": message.edited,
    }
    shape |= {key: value for key, value in optional.items() if value is not None} | message.extra
    if message.bot_id and not message.username:
        shape["bot_profile"] = bot_profile(state)
    if message.is_reply and message.thread_ts:
        root = state.channels[message.channel].messages.get(message.thread_ts)
        shape["parent_user_id"] = (root.user if root else None) or state.bot_user_id
    if message.metadata is not None:
        shape["metadata"] = metadata_shape(message.metadata, whole=whole_metadata)
    if message.files:
        shape |= {"files": [shared_file_shape(state, state.files[file]) for file in message.files], "upload": False}
    if message.replies:
        shape |= thread_summary(state, message)
    if message.reactions:
        shape["reactions"] = reactions_shape(message)
    return shape


def reactions_shape(message: Message) -> list[Json]:
    """The reactions of a message in the order they were first given."""
    return [{"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()]


def ephemeral_shape(state: State, message: Ephemeral) -> Json:
    """A message only one user sees, for the page."""
    return {
        "type": "message",
        "is_ephemeral": True,
        "ts": message.ts,
        "text": message.text,
        "blocks": message.blocks or [],
        "thread_ts": message.thread_ts,
        "username": message.username,
        "bot_id": state.bot_id,
        "user": state.bot_user_id,
    }


def view_shape(state: State, view: View) -> Json:
    """A view object as answers and payloads carry it."""
    body: Json = {"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": False}
    body |= {"notify_on_close": False, "title": None, "submit": None, "close": None} | view.body
    return body | {
        "id": view.id,
        "team_id": state.team_id,
        "app_id": state.app_id,
        "app_installed_team_id": state.team_id,
        "bot_id": state.bot_id,
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "hash": view.hash,
        "state": {"values": view.state},
    }
