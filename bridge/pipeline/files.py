"""Files of messages: fetched from whoever has them."""

import asyncio

from bridge.domain.messages import Media, Message, MessageKind
from bridge.pipeline.calls import Fetched, Outside
from bridge.pipeline.enclosed import SCHEME, content
from bridge.pipeline.fitting import fitted
from bridge.ports.errors import MediaRefused
from bridge.ports.platform import CarriesMedia
from bridge.ports.provider import FetchesMedia, MediaContent, Provider
from bridge.rules import wording
from bridge.rules.programs import begins_archive, begins_program, is_archive, named_program


async def fetch_all(outside: Outside, message: Message, provider: Provider) -> Fetched:
    """Fetch every file of a reply that is not stored yet, brought to what the provider carries.

    What will never be had is told in words. Raises ``SendDeferred``.
    """
    files: dict[int, MediaContent | str] = {}
    for index, medium in enumerate(message.media):
        if medium.stored is None and medium.refused is None:
            try:
                found = await _fetch_harmless(outside, message, medium)
                files[index] = await asyncio.to_thread(fitted, found, provider.capabilities)
            except MediaRefused as problem:
                files[index] = str(problem)
    return Fetched(files)


async def _fetch_harmless(outside: Outside, message: Message, medium: Media) -> MediaContent:
    _refuse_harmful(medium.name, b"", medium.content_type)
    content = await fetch(outside, message, medium)
    _refuse_harmful(content.name, content.data, content.content_type)
    return content


def _refuse_harmful(name: str, data: bytes, content_type: str) -> None:
    if named_program(name) or begins_program(data, content_type):
        raise MediaRefused(wording.MEDIA_PROGRAM)
    if is_archive(name, content_type) or begins_archive(name, data):
        raise MediaRefused(wording.MEDIA_ARCHIVE)


async def fetch(outside: Outside, message: Message, medium: Media) -> MediaContent:
    """Fetch one file. Raises ``MediaRefused`` and ``SendDeferred``."""
    limit = outside.media_limit
    if medium.source.startswith(SCHEME):
        return await asyncio.to_thread(content, medium, outside.policy.canned_files, limit)
    if message.kind is MessageKind.INBOUND:
        provider = outside.providers[message.account or ""]
        if isinstance(provider, FetchesMedia):
            return await provider.fetch_media(medium, limit=limit)
    elif message.origin is not None:
        platform = outside.platforms[message.origin.platform]
        if isinstance(platform, CarriesMedia):
            return await platform.fetch_media(medium, limit=limit)
    msg = "files cannot be fetched from there"
    raise MediaRefused(msg)
