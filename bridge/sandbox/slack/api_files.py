"""files.*: the three steps of an upload, and what a file is."""

import mimetypes

from bridge.sandbox.slack.backend import Backend
from bridge.sandbox.slack.errors import SlackError
from bridge.sandbox.slack.journal import Json
from bridge.sandbox.slack.methods import Method, writable
from bridge.sandbox.slack.model import File, Message
from bridge.sandbox.slack.shapes import file_shape

MOST_BYTES = 1_073_741_824


def get_upload_url(world: Backend, arguments: Json) -> Json:
    """files.getUploadURLExternal."""
    length = int(arguments["length"])
    if not 0 < length <= MOST_BYTES:
        raise SlackError("file_upload_size_restricted", violation="length must be 1 byte to 1 GB")
    name: str = arguments["filename"]
    file = File(
        id=world.next_id("F"),
        name=name,
        title=name,
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
        user=world.bot_user_id,
        content=b"",
        created=world.seconds(),
        secret=world.secret(),
        expected=length,
    )
    world.files[file.id] = file
    ticket = world.secret(32)
    world.upload_tickets[ticket] = file.id
    return {"upload_url": f"{world.base_url}/upload/v1/{ticket}", "file_id": file.id}


def complete_upload(world: Backend, arguments: Json) -> Json:
    """files.completeUploadExternal: once per file, after its bytes have arrived."""
    channel = writable(world, arguments["channel_id"]) if arguments.get("channel_id") else None
    files = [_finished(world, entry) for entry in arguments["files"]]
    if any(arguments.get(name) for name in ("username", "icon_url", "icon_emoji")) and (
        "chat:write.customize" not in world.scopes
    ):
        raise SlackError("missing_scope", violation="scope chat:write.customize is missing")
    for file, entry in zip(files, arguments["files"], strict=True):
        file.completed = True
        file.title = entry.get("title") or file.name
    if channel:
        thread_ts = arguments.get("thread_ts")
        if thread_ts is not None and thread_ts not in channel.messages:
            raise SlackError("thread_not_found")
        world.limits.check_post(channel.id)
        for file in files:
            file.shares.add(channel.id)
        world.talk.add(
            Message(
                ts="",
                channel=channel.id,
                text=arguments.get("initial_comment") or "",
                user=world.bot_user_id,
                team=world.team_id,
                thread_ts=thread_ts,
                subtype="file_share",
                bot_id=world.bot_id,
                app_id=world.app_id,
                username=arguments.get("username"),
                files=[file.id for file in files],
            )
        )
    return {"files": [file_shape(world, file) for file in files]}


def info(world: Backend, arguments: Json) -> Json:
    """files.info."""
    file = world.files.get(arguments["file"])
    if file is None or not file.completed:
        raise SlackError("file_not_found")
    return {"file": file_shape(world, file), "comments": [], "response_metadata": {"next_cursor": ""}}


def delete(world: Backend, arguments: Json) -> Json:
    """files.delete: the bytes go, messages keep a tombstone of it."""
    file = world.files.get(arguments["file"])
    if file is None or not file.completed:
        raise SlackError("file_not_found")
    if file.mode == "tombstone":
        raise SlackError("file_deleted")
    if file.user != world.bot_user_id:
        raise SlackError("cant_delete_file")
    file.mode, file.content, file.name, file.title = "tombstone", b"", "", ""
    return {}


def _finished(world: Backend, entry: Json) -> File:
    file = world.files.get(entry["id"])
    if file is None or file.user != world.bot_user_id:
        raise SlackError("file_not_found")
    if not file.uploaded or file.completed:
        reason = "completed twice" if file.completed else "completed before its bytes arrived"
        raise SlackError("file_update_failed", violation=reason)
    return file


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, 4, "files:write"),
    "files.completeUploadExternal": Method(complete_upload, 4, "files:write"),
    "files.delete": Method(delete, 3, "files:write"),
    "files.info": Method(info, 4, "files:read"),
}
