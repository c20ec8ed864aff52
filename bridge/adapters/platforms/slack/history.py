"""What is already in a channel: our own posts by their key, and people's replies written while we were away."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from bridge.adapters.platforms.slack.identity import Json, items, mapping, text
from bridge.adapters.platforms.slack.web import SlackWeb
from bridge.domain.people import ChatRef
from bridge.ports.errors import SendRejected

METADATA_TYPE = "textbridge"
_EARLIER = timedelta(seconds=60)  # Slack's clock and ours differ, and a lost call may have run before our time stamp


def metadata(key: str) -> dict[str, object]:
    """What makes a post findable by ``key``."""
    return {"event_type": METADATA_TYPE, "event_payload": {"key": key}}


def file_mark(key: str) -> str:
    """What makes an uploaded file findable by ``key``: part of its name, as uploads carry no metadata."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


async def find(web: SlackWeb, room: str, thread: ChatRef | None, key: str, since: datetime) -> str | None:
    """The ts of the post with this key, None when it is not there or nothing is there any more."""
    oldest = slack_time(since - _EARLIER)
    method = "conversations.replies" if thread else "conversations.history"
    at: dict[str, Any] = {"ts": thread.id} if thread else {}
    posts = web.pages(method, "messages", channel=room, oldest=oldest, include_all_metadata=True, **at)
    try:
        async for post in posts:
            if _key(post) == key or _has_file(post, file_mark(key)):
                return text(post, "ts") or None
    except SendRejected as error:
        if error.gone:  # a thread that is gone holds no post; posting again will say so
            return None
        raise
    return None


async def replies(web: SlackWeb, root: ChatRef, since: datetime) -> Sequence[Json]:
    """People's and bots' replies since then, oldest first, as message events."""
    pages = web.pages(
        "conversations.replies", "messages", channel=root.room, ts=root.id, oldest=slack_time(since), inclusive=True
    )
    return [event async for event in _events(pages, root)]


async def _events(messages: AsyncIterator[Json], root: ChatRef) -> AsyncIterator[Json]:
    async for message in messages:
        if text(message, "ts") in ("", root.id):
            continue
        yield {**message, "channel": root.room}
        if mapping(message.get("edited")):
            # found once or edited since: under the edit's own id it is the edit the live event would have been
            yield {"type": "message", "subtype": "message_changed", "channel": root.room, "message": message}


def _key(post: Json) -> str:
    found = mapping(post.get("metadata"))
    if text(found, "event_type") != METADATA_TYPE:
        return ""
    return text(mapping(found.get("event_payload")), "key")


def _has_file(post: Json, mark: str) -> bool:
    return any(mark in text(file, "name") for file in items(post.get("files")))


def slack_time(moment: datetime) -> str:
    """A moment as Slack writes it, to the microsecond."""
    return f"{moment.timestamp():.6f}"
