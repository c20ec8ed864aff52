"""Files both ways, by the media repository with the bot's token."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from bridge.adapters._download import check_size, read_file
from bridge.adapters._sniff import content_type
from bridge.adapters.platforms.matrix.crypto.files import decrypted, encrypted, keys_of
from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.homeserver import Homeserver
from bridge.adapters.platforms.matrix.words import clean, cut, one_line
from bridge.domain.messages import Media
from bridge.ports.errors import MediaRefused, SendDeferred, SendRejected
from bridge.ports.provider import MediaContent

KINDS = frozenset({"m.image", "m.file", "m.audio", "m.video"})
NAME_LIMIT = 200
_MXC = re.compile(r"mxc://([^/\s]+)/([^/\s?#]+)(?:#(\S+))?")
_UNKNOWN = "application/octet-stream"
_OK = 200
_GONE = frozenset({403, 404, 410})


def files_of(content: Json) -> tuple[Media, ...]:
    """The file of a message, if it is one."""
    if text(content, "msgtype") not in KINDS:
        return ()
    info = mapping(content.get("info"))
    size = info.get("size")
    name = one_line(text(content, "filename") or text(content, "body"))
    kind = text(info, "mimetype") or _UNKNOWN
    where = _address(content)
    if not _MXC.fullmatch(where):
        return (Media("", kind, name, refused="the message does not say where the file is"),)
    return (Media(clean(where), kind, name, size if isinstance(size, int) and size > 0 else 0),)


def _address(content: Json) -> str:
    """Where the file is, with what opens it if it is encrypted."""
    file = mapping(content.get("file"))
    if not file:
        return text(content, "url")
    keys = keys_of(file)
    return f"{text(file, 'url')}#{keys}" if keys else ""


def caption(content: Json) -> Json:
    """The content to read words from: of a file only what was written under it, which is not its name."""
    if text(content, "msgtype") not in KINDS:
        return content
    name = text(content, "filename")
    return content if name and name != text(content, "body") else {}


async def upload(server: Homeserver, content: MediaContent, *, sealed: bool) -> Mapping[str, Any]:
    """Upload a file, encrypted for a ``sealed`` room; returns the content of the message that shows it."""
    if not content.data:
        raise SendRejected("empty_file", "The file is empty.")
    fallback = f"file.{content.content_type.rpartition('/')[2] or 'bin'}"
    name = cut(one_line(content.name).replace("/", "_"), NAME_LIMIT) or fallback
    if sealed:
        data, keys = encrypted(content.data)
        where: Json = {"file": {**keys, "url": await server.upload(data, _UNKNOWN, "file")}}  # its name is sealed too
    else:
        where = {"url": await server.upload(content.data, content.content_type, name)}
    kind = f"m.{content.content_type.partition('/')[0]}"
    return {
        "msgtype": kind if kind in KINDS else "m.file",
        "body": name,
        "filename": name,
        **where,
        "info": {"mimetype": content.content_type, "size": len(content.data)},
        "m.mentions": {},
    }


async def download(server: Homeserver, media: Media, limit: int) -> MediaContent:
    """At most ``limit`` bytes of a teammate's file. Raises ``MediaRefused`` or ``SendDeferred``."""
    found = _MXC.fullmatch(media.source)
    if media.refused is not None or found is None:
        raise MediaRefused(media.refused or "the message does not say where the file is")
    check_size(media.size, limit)
    async with server.download(found[1], found[2]) as response:
        if response.status in _GONE:
            raise MediaRefused("the file is no longer there, or the bot may not read it")
        if response.status != _OK:
            raise SendDeferred(f"the file could not be fetched (HTTP {response.status})")
        data = await read_file(response, limit)
    if found[3]:
        data = await asyncio.to_thread(decrypted, data, found[3])
    return MediaContent(data, content_type(data, media.content_type) or _UNKNOWN, media.name)
