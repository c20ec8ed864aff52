"""Files both ways. The token goes to Slack's file host only, and never along with a redirect."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
from yarl import URL

from bridge.adapters._download import check_size, read_file
from bridge.adapters._sniff import content_type
from bridge.adapters.platforms.slack.history import file_mark
from bridge.adapters.platforms.slack.identity import mapping, text
from bridge.adapters.platforms.slack.messages import FILE_ID, media_of
from bridge.adapters.platforms.slack.web import SlackWeb
from bridge.adapters.platforms.slack.words import clean, cut
from bridge.domain.messages import Media
from bridge.domain.people import ChatRef
from bridge.ports.errors import MediaRefused, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.provider import MediaContent

FILE_HOST = "files.slack.com"
NAME_LIMIT = 200
_SITES = (".slack.com", ".slack-edge.com")
_REDIRECTS = 3
_TIMEOUT = aiohttp.ClientTimeout(total=180, sock_connect=5, sock_read=30)  # a large file over a slow line takes a while
_GONE = frozenset({403, 404, 410})
_HTML = "text/html"
_UNKNOWN = "application/octet-stream"


async def upload(web: SlackWeb, thread: ChatRef, content: MediaContent, key: str) -> None:
    """Show a file in a thread, to be found by ``key``: people see its title, its name carries the mark.

    Only the last of its three calls can leave a trace, so only that one may be unknown.
    """
    if not content.data:
        raise SendRejected("empty_file", "The file is empty.")
    title = _title(content)
    name = _marked(title, file_mark(key))
    ticket = await web.call("files.getUploadURLExternal", filename=name, length=len(content.data))
    await _put(web, text(ticket.data, "upload_url"), content)
    await web.call(
        "files.completeUploadExternal",
        files=[{"id": text(ticket.data, "file_id"), "title": title}],
        channel_id=thread.room,
        thread_ts=thread.id,
    )


def _title(content: MediaContent) -> str:
    name = clean(content.name).replace("/", "_").replace("\\", "_").strip()
    return cut(" ".join(name.split()), NAME_LIMIT) or f"file.{content.content_type.rpartition('/')[2] or 'bin'}"


def _marked(name: str, mark: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{stem}-{mark}.{ending}" if dot and stem else f"{name}-{mark}"


async def _put(web: SlackWeb, address: str, content: MediaContent) -> None:
    try:
        sending = web.session.post(
            address,
            data=content.data,
            headers={"Content-Type": content.content_type},
            allow_redirects=False,
            timeout=_TIMEOUT,
        )
        async with sending as response:
            if not response.ok:
                raise SendDeferred(f"Slack did not take the file (HTTP {response.status})")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise SendDeferred(f"Slack did not take the file ({type(error).__name__})") from None


async def download(web: SlackWeb, media: Media, limit: int) -> MediaContent:
    """At most ``limit`` bytes of a teammate's file. Raises ``MediaRefused`` or ``SendDeferred``."""
    media = await _looked_up(web, media)
    if media.refused is not None:
        raise MediaRefused(media.refused)
    check_size(media.size, limit)
    try:
        async with _opened(web, media) as response:
            data = await read_file(response, limit)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SendDeferred(f"the file could not be fetched ({type(error).__name__})") from None
    return MediaContent(data, content_type(data, media.content_type) or _UNKNOWN, media.name)


async def _looked_up(web: SlackWeb, media: Media) -> Media:
    """Ask Slack about a file it wants to be asked about, as those shared from another workspace."""
    if not media.source.startswith(FILE_ID):
        return media
    try:
        answer = await web.call("files.info", file=media.source.removeprefix(FILE_ID))
    except SendRejected as error:
        raise MediaRefused(error.reason) from None
    except SendOutcomeUnknown as error:
        raise SendDeferred(str(error)) from None
    found = media_of(mapping(answer.data.get("file")))
    return Media("", media.content_type, refused="Slack did not say where the file is") if _vague(found) else found


def _vague(media: Media) -> bool:
    return media.refused is None and media.source.startswith(FILE_ID)


@asynccontextmanager
async def _opened(web: SlackWeb, media: Media) -> AsyncGenerator[aiohttp.ClientResponse]:
    url, token = _trusted(web, media.source), True
    for _ in range(_REDIRECTS + 1):
        headers = web.bearer() if token else {}
        async with web.session.get(url, headers=headers, allow_redirects=False, timeout=_TIMEOUT) as response:
            if response.status in {301, 302, 303, 307, 308}:
                url, token = _redirected(web, url, response), False
                continue
            await _judge(web, media, response)
            yield response
            return
    raise MediaRefused("Slack sends the file from one address to the next without end")


def _trusted(web: SlackWeb, address: str) -> URL:
    """The address, if the token may go there: Slack's file host, or the host the Web API itself is configured at."""
    try:
        url, own = URL(address), URL(web.api_url)
    except ValueError:
        raise MediaRefused("the file's address cannot be read") from None
    ours = url.origin() == own.origin() if url.absolute else False
    if ours or (url.scheme == "https" and url.host == FILE_HOST and url.port == 443):  # noqa: PLR2004 - https
        return url
    raise MediaRefused("the file is kept outside Slack; upload it to Slack instead")


def _redirected(web: SlackWeb, url: URL, response: aiohttp.ClientResponse) -> URL:
    target = url.join(URL(response.headers.get("Location", "")))
    own = URL(web.api_url)
    slack = target.scheme == "https" and (target.host or "").endswith(_SITES)
    if slack or target.origin() == own.origin():
        return target
    raise MediaRefused("Slack sends the file from another site")


async def _judge(web: SlackWeb, media: Media, response: aiohttp.ClientResponse) -> None:
    if response.status in _GONE:
        raise MediaRefused("the file is no longer there, or the bot may not read it")
    if not response.ok:
        raise SendDeferred(f"the file could not be fetched (HTTP {response.status})")
    if response.content_type == _HTML and media.content_type != _HTML:
        # a sign-in page: either the token is no longer good, which this call tells, or only this file is barred
        await web.call("auth.test")
        raise MediaRefused("Slack did not let the bot read the file; it needs the scope files:read")
