"""For ``doctor``: whether the tokens, the scopes and the rooms are as they must be, and how to mend them."""

import asyncio
from collections.abc import Iterator, Sequence

from bridge.adapters.platforms.slack import manifest
from bridge.adapters.platforms.slack.identity import Json, mapping, text
from bridge.adapters.platforms.slack.web import Answer, SlackWeb
from bridge.domain.people import who_is_in
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.provider import Finding

_PORT_ERRORS = (CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected)
_REACH = "Look at the network and at api_url, then run doctor again."
_INSTALL = "Install the app again and put its Bot User OAuth Token into bot_token."
_SOCKET = "Make an app-level token with the scope connections:write, put it into app_token, and switch on Socket Mode."
_ROOM = "Give the channel's id (C…, in the channel's details) and invite the bot there: /invite @textbridge"
_PERSON = "Give the person's id under teammates (U…, in the profile: Copy member ID)."


class Doctor:
    """Asks Slack questions and changes nothing."""

    def __init__(self, web: SlackWeb, *, socket_mode: bool) -> None:
        """Ask through ``web``."""
        self._web = web
        self._socket_mode = socket_mode

    async def findings(self, rooms: Sequence[str]) -> Sequence[Finding]:
        """One or more findings per thing looked at; never raises for a failed check."""
        try:
            answer = await self._web.call("auth.test")
        except _PORT_ERRORS as error:
            remedy = _INSTALL if isinstance(error, CredentialsRejected) else _REACH
            return [Finding("error", "slack token", str(error), remedy)]
        found = [_who(answer), *_scopes(answer)]
        if self._socket_mode:
            found.append(await self._socket())
        checked = await asyncio.gather(*(self._room(room) for room in rooms))
        return found + [finding for findings in checked for finding in findings]

    async def _socket(self) -> Finding:
        try:
            await self._web.open_socket()
        except (CredentialsRejected, SendRejected) as error:
            return Finding("error", "slack socket", f"Socket Mode cannot be used: {error}", _SOCKET)
        except (SendDeferred, SendOutcomeUnknown) as error:
            return Finding("warning", "slack socket", str(error), _REACH)
        return Finding("ok", "slack socket", "Slack gives out Socket Mode connections.")

    async def _room(self, room: str) -> list[Finding]:
        check = f"slack room {room}"
        if (person := who_is_in(room)) is not None:
            return await self._direct(check, person)
        try:
            answer = await self._web.call("conversations.info", channel=room)
        except SendRejected as error:
            return [Finding("error", check, error.reason, _ROOM)]
        except _PORT_ERRORS as error:
            return [Finding("warning", check, str(error), _REACH)]
        return list(_room_findings(check, mapping(answer.data.get("channel"))))

    async def _direct(self, check: str, person: str) -> list[Finding]:
        """A direct message needs nobody's invitation; opening it says nothing to the person."""
        try:
            await self._web.direct(person)
        except SendRejected as error:
            return [Finding("error", check, error.reason, _PERSON)]
        except _PORT_ERRORS as error:
            return [Finding("warning", check, str(error), _REACH)]
        return [Finding("ok", check, "The bot can write to this person directly.")]


def _who(answer: Answer) -> Finding:
    where, who = text(answer.data, "team"), text(answer.data, "user")
    return Finding("ok", "slack token", f"The bot is {who} in {where}.")


def _scopes(answer: Answer) -> Iterator[Finding]:
    given = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")} - {""}
    if not given:
        yield Finding("warning", "slack scopes", "Slack did not say which scopes the app has.", _REACH)
        return
    if missing := sorted(manifest.bot_scopes() - given):
        remedy = "Update the app from `textbridge manifest slack` and install it again."
        yield Finding("error", "slack scopes", f"The app lacks {', '.join(missing)}.", remedy)
        return
    yield Finding("ok", "slack scopes", f"The app has all {len(manifest.bot_scopes())} scopes it needs.")


def _room_findings(check: str, channel: Json) -> Iterator[Finding]:
    name = text(channel, "name") or "?"
    if channel.get("is_archived") is True:
        yield Finding("error", check, f"#{name} is archived.", "Take it out of the archive or configure another room.")
    elif channel.get("is_member") is not True:
        yield Finding("error", check, f"The bot is not in #{name}.", f"Invite it in #{name}: /invite @textbridge")
    else:
        yield Finding("ok", check, f"The bot is in #{name}.")
    if channel.get("is_ext_shared") is True:
        words = f"#{name} is shared with another organisation; its people see every text, but cannot answer."
        yield Finding("warning", check, words, "Use a channel of your own workspace for customers' texts.")
