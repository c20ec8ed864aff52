"""For ``doctor``: whether the account, the server and the rooms are as they must be, and how to mend them."""

from collections.abc import Iterator, Sequence
from typing import cast

from bridge.adapters.platforms.matrix.appservice import ping
from bridge.adapters.platforms.matrix.crypto import doctor
from bridge.adapters.platforms.matrix.encryption import NOT_AS_SERVICE
from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.facts import limit, server_facts
from bridge.adapters.platforms.matrix.homeserver import V1, Homeserver, path
from bridge.adapters.platforms.matrix.session import log_in
from bridge.adapters.platforms.matrix.settings import MatrixSettings
from bridge.domain.people import who_is_in
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.provider import Finding

_PORT_ERRORS = (CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected)
_REACH = "Look at the network and at homeserver, then run doctor again."
_TOKEN = "Make an access token for the bot's account and put it into access_token."  # noqa: S105 - words about one
_INVITE = "Give the room's id (!…, in the room's settings under Advanced) and invite the bot to it."
_INVITED = "The bot is invited to the room and not in it yet."
_ENTER = "Start `textbridge run`: the bot accepts the invitation by itself."
_OTHER_ROOM = "Put another room into the configuration."
_CREATORS_SINCE = 12  # the room version
_WHO = "Correct the person's matrix id under teammates, such as @ana:example.org."
_POWER = "Give the bot the right to send messages and reactions in the room's settings."


_PUSHES = (
    "Start `textbridge run`; then look at `url` of the registration on the homeserver, which must be what "
    "`textbridge manifest matrix` prints, and at hs_token."
)


class Doctor:
    """Asks the homeserver questions and changes nothing."""

    def __init__(self, server: Homeserver, settings: MatrixSettings) -> None:
        """Ask through ``server``."""
        self._server = server
        self._settings = settings
        self._encrypted = False

    async def findings(self, rooms: Sequence[str]) -> Sequence[Finding]:
        """All that can be told; never raises the port's errors."""
        try:
            await log_in(self._server, self._settings)
        except CredentialsRejected as error:
            return [Finding("error", "matrix: account", str(error), _TOKEN)]
        except _PORT_ERRORS as error:
            return [Finding("error", "matrix: homeserver", str(error), _REACH)]
        who = f"{self._settings.user_id} on device {self._server.device or 'unknown'}"
        found = [Finding("ok", "matrix: account", f"The homeserver knows the bot as {who}.")]
        found += await server_facts(self._server)
        if self._settings.mode == "appservice":
            found.append(await self._service())
        else:
            found.append(await limit(self._server, self._settings.user_id))
        found += await self._media()
        for room in rooms:
            found += await self._room(room)
        if self._encrypted:
            found += await self._keys()
        return found

    async def _keys(self) -> Sequence[Finding]:
        if self._settings.mode == "appservice":
            return [Finding("error", doctor.CHECK, "A room is encrypted.", NOT_AS_SERVICE)]
        try:
            return await doctor.findings(self._server, self._settings)
        except _PORT_ERRORS as error:
            return [Finding("error", doctor.CHECK, str(error), _REACH)]

    async def _service(self) -> Finding:
        """Whether the homeserver reaches us; we answer it only while the service runs."""
        try:
            await ping(self._server)
        except _PORT_ERRORS:
            return Finding("warning", "matrix: pushes", "The homeserver does not reach Textbridge.", _PUSHES)
        return Finding("ok", "matrix: pushes", "The homeserver reaches Textbridge.")

    async def _media(self) -> Sequence[Finding]:
        try:
            answer = await self._server.call("media config", "GET", path("media", "config", under=V1))
        except _PORT_ERRORS:
            return ()
        size = answer.get("m.upload.size")
        if not isinstance(size, int):
            return ()
        return [Finding("ok", "matrix: files", f"The homeserver takes files of up to {size / 1_000_000:.0f} MB.")]

    async def _room(self, room: str, *seen: str) -> Sequence[Finding]:
        """What is to be said of a room, and of the one that took its place. ``seen``: those before it."""
        check = f"matrix: room {room}"
        if (person := who_is_in(room)) is not None:
            return await self._person(person)
        try:
            joined = await self._server.call("joined rooms", "GET", path("joined_rooms"))
            if room not in (joined.get("joined_rooms") or ()):
                return [await self._outside(room, check)]
            created = await self._server.state(room, "m.room.create")
            power = await self._state(room, "m.room.power_levels")
            creators = await self._creators(room)
            after = await self._state(room, "m.room.tombstone")
            encrypted = await self._state(room, "m.room.encryption")
        except _PORT_ERRORS as error:
            return [Finding("error", check, str(error), _INVITE)]
        version = f"room version {created.get('room_version', '1')}{', encrypted' if encrypted else ''}"
        if following := text(after, "replacement_room"):
            return [
                *_upgraded(check, following),
                *(() if following in seen else await self._room(following, *seen, room)),
            ]
        self._encrypted = self._encrypted or bool(encrypted)
        found = list(self._wrong(check, {} if self._settings.user_id in creators else power, after))
        return found or [Finding("ok", check, f"The bot is in the room and may post ({version}).")]

    async def _outside(self, room: str, check: str) -> Finding:
        """Of a room the bot is not in: whether it was invited, as far as the server tells (Matrix 1.15)."""
        try:
            summary = await self._server.call("summary", "GET", path("room_summary", room, under=V1))
            if text(summary, "membership") == "invite":
                return Finding("warning", check, _INVITED, _ENTER)
        except SendRejected:  # it knows nothing of the room that it would tell us
            pass
        return Finding("error", check, "The bot is not in the room.", _INVITE)

    async def _person(self, person: str) -> Sequence[Finding]:
        """Somebody the bot writes to in a direct room, which it makes when that is first needed."""
        check = f"matrix: direct room of {person}"
        try:
            await self._server.call("profile", "GET", path("profile", person))
        except SendRejected:
            return [Finding("error", check, "The homeserver does not know this person.", _WHO)]
        except _PORT_ERRORS as error:
            return [Finding("error", check, str(error), _REACH)]
        return [Finding("ok", check, "The bot can write to them in a direct room; they have to accept its invitation.")]

    async def _creators(self, room: str) -> Sequence[str]:
        """Who may do anything since they made the room, as from room version 12 on, without a level that says so."""
        event = await self._server.state(room, "m.room.create", whole=True)
        content = mapping(event.get("content"))
        version = text(content, "room_version")
        more = content.get("additional_creators")
        ends = version.isdecimal() and int(version) >= _CREATORS_SINCE
        return [text(event, "sender"), *(cast("list[str]", more) if isinstance(more, list) else [])] if ends else []

    def _wrong(self, check: str, power: Json, after: Json) -> Iterator[Finding]:
        if after:
            yield Finding("error", check, "The room was shut down and takes no more messages.", _OTHER_ROOM)
        if power and _level(power, self._settings.user_id) < _needed(power):
            yield Finding("error", check, "The bot may not post in the room.", _POWER)

    async def _state(self, room: str, kind: str) -> Json:
        try:
            return await self._server.state(room, kind)
        except SendRejected:
            return {}


def _upgraded(check: str, following: str) -> Sequence[Finding]:
    message = f"The room was upgraded: conversations go on in {following}."
    return [Finding("warning", check, message, f"Put {following} into the configuration in its place.")]


def _level(power: Json, user_id: str) -> int:
    return _number(mapping(power.get("users")).get(user_id, power.get("users_default", 0)))


def _needed(power: Json) -> int:
    events = mapping(power.get("events"))
    default = power.get("events_default", 0)
    return max(_number(events.get(kind, default)) for kind in ("m.room.message", "m.reaction", "m.room.redaction"))


def _number(value: object) -> int:
    return value if isinstance(value, int) else int(cast("str", value)) if str(value).isdecimal() else 0
