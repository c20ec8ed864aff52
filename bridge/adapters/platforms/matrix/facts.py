"""For ``doctor``: what the homeserver is, and how fast it lets the bot write. Asks, and changes nothing."""

from collections.abc import Sequence

from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.homeserver import Homeserver, path
from bridge.observability import log
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.provider import Finding

_ERRORS = (CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected)
_ADMIN = "/_synapse/admin/v1"
LIMIT = "matrix: rate limit"
_LIFT = (
    "An administrator of a Synapse lifts it with POST /_synapse/admin/v1/users/{user}/override_ratelimit and the body "
    '{{"messages_per_second": 0, "burst_count": 0}}'
)
_UNKNOWN = (
    "Whether the server limits the bot can only be asked by its administrators. A Synapse lets a plain account write "
    "ten messages at once, then one in five seconds: texts of a busy hour show late. "
)


async def server_facts(server: Homeserver) -> Sequence[Finding]:
    """Which software it says it is, and the newest version of Matrix it speaks."""
    try:
        spoken = (await server.call("versions", "GET", "/_matrix/client/versions")).get("versions")
    except _ERRORS:
        return ()
    newest = str(spoken[-1]) if isinstance(spoken, list) and spoken else "no version it names"  # pyright: ignore[reportUnknownArgumentType] - JSON
    software: Json = {}
    try:
        software = mapping((await server.call("version", "GET", "/_matrix/federation/v1/version")).get("server"))
    except _ERRORS as error:  # often not served to clients
        log().debug("no server version", platform="matrix", error=type(error).__name__)
    who = " ".join(filter(None, (text(software, "name"), text(software, "version")))) or "The homeserver"
    return [Finding("ok", "matrix: server", f"{who} speaks Matrix up to {newest}.")]


async def limit(server: Homeserver, user: str) -> Finding:
    """How fast the bot may write; servers tell that to administrators alone, so usually only what is likely."""
    lift = _LIFT.format(user=user)
    try:
        answer = await server.call("limit", "GET", path("users", user, "override_ratelimit", under=_ADMIN))
    except _ERRORS:
        return Finding("ok", LIMIT, _UNKNOWN + lift)
    if answer.get("messages_per_second") == 0:
        return Finding("ok", LIMIT, "The server does not limit the bot.")
    if "messages_per_second" in answer:
        rate, burst = answer["messages_per_second"], answer.get("burst_count")
        return Finding("warning", LIMIT, f"The server limits the bot to {rate} a second, {burst} at once.", lift)
    return Finding("warning", LIMIT, "The server limits the bot like every account.", lift)
