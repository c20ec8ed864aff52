"""Answers by the address Slack gives with a command or a button: seen by one person, usable a few times for a while."""

import aiohttp
from yarl import URL

from bridge.adapters.platforms.slack.errors import retry_after
from bridge.adapters.platforms.slack.interactions import PRIVATE
from bridge.adapters.platforms.slack.web import SlackWeb
from bridge.ports.errors import SendDeferred, SendOutcomeUnknown, SendRejected

HOST = "hooks.slack.com"
_TOO_MANY = 429
_SERVER_ERROR = 500


async def answer_by_handle(web: SlackWeb, handle: str, message: dict[str, object]) -> None:
    """Say ``message`` to the one person who asked; what only that person saw is replaced by it.

    Raises the errors of ``bridge.ports.errors``.
    """
    _trust(web, handle)
    address = handle.removesuffix(PRIVATE)
    body = {"response_type": "ephemeral", "replace_original": handle != address, **message}
    try:
        async with web.session.post(address, json=body, allow_redirects=False) as response:
            _judge(response)
    except aiohttp.ClientConnectorError:
        raise SendDeferred("Slack cannot be reached") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SendOutcomeUnknown(f"Slack gave no answer ({type(error).__name__})") from None


def _trust(web: SlackWeb, handle: str) -> None:
    try:
        url, own = URL(handle), URL(web.api_url)
        slack = url.scheme == "https" and url.host == HOST
        trusted = slack or url.origin() == own.origin()
    except ValueError:
        trusted = False
    if not trusted:
        raise SendRejected("foreign_handle", "The address to answer to is not Slack's.")


def _judge(response: aiohttp.ClientResponse) -> None:
    if response.ok:
        return
    if response.status == _TOO_MANY:
        raise SendDeferred("Slack is limiting calls", retry_after(response.headers))
    if response.status >= _SERVER_ERROR:
        raise SendOutcomeUnknown(f"Slack answered HTTP {response.status}")
    raise SendRejected("expired_handle", "Slack takes no more answers to this command or button.")
