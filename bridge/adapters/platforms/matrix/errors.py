"""The homeserver's answers to a failed call, sorted by what is certain about them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias, cast

from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected

Json: TypeAlias = Mapping[str, Any]

LONGEST_WAIT = 86_400.0
TOO_MANY, UNAUTHORISED, FORBIDDEN, NOT_FOUND, TOO_LARGE, SERVER_ERROR = 429, 401, 403, 404, 413, 500
_CREDENTIALS: Mapping[str, str] = {
    "M_UNKNOWN_TOKEN": "The homeserver does not know the access token.",
    "M_MISSING_TOKEN": "The homeserver got no access token.",
    "M_UNKNOWN_DEVICE": "The homeserver no longer knows the bot's device.",
    "M_USER_DEACTIVATED": "The bot's account was deactivated.",
    "M_USER_LOCKED": "The bot's account is locked.",
    "M_USER_SUSPENDED": "The bot's account is suspended.",
}
_NOT_A_ROOT = "cannot start threads"  # the only way Synapse says that the root is itself a reply


def mapping(value: object) -> Json:
    """A JSON object, empty for anything else."""
    return cast("Json", value) if isinstance(value, dict) else {}


def text(value: Json, name: str) -> str:
    """A string of a JSON object, empty for anything else."""
    found = value.get(name)
    return found if isinstance(found, str) else ""


def moment(event: Json) -> datetime | None:
    """When an event was sent, by its sender's server; None for what is no time, as other servers may say."""
    try:
        return datetime.fromtimestamp(event["origin_server_ts"] / 1000, UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def refusal(what: str, status: int, headers: Mapping[str, str], answer: Json, *, sends: bool) -> Exception:
    """The error for an answer that is no success. Its words name no token and no message.

    ``sends``: the call leaves something behind when it succeeds.
    """
    code = text(answer, "errcode")
    if status == TOO_MANY or code == "M_LIMIT_EXCEEDED":
        return SendDeferred("The homeserver is limiting calls", _wait(headers, answer), whole_target=True)
    if code in _CREDENTIALS or status == UNAUTHORISED:
        return CredentialsRejected(_CREDENTIALS.get(code, "The homeserver refuses the bot's credentials."))
    if status >= SERVER_ERROR or not code:
        # without a code it is no homeserver that answers, but something in front of it
        return uncertain(what, f"HTTP {status}", sends=sends)
    return _certain(what, status, code, answer, sends=sends)


def _certain(what: str, status: int, code: str, answer: Json, *, sends: bool) -> SendRejected:
    if status == FORBIDDEN:
        reason = "The bot may not do this in the room: invite it, and let it send messages."
        return SendRejected(code, reason, gone="room")
    if status == NOT_FOUND and code == "M_NOT_FOUND" and sends:
        return SendRejected(code, "The homeserver does not know the room.", gone="room")
    if _NOT_A_ROOT in text(answer, "error").lower():
        return SendRejected(code, "No thread can hang from this message.", gone="thread")
    return SendRejected(code, f"The homeserver refused {what} ({code}).")


def uncertain(what: str, why: str, *, sends: bool) -> Exception:
    """The error for an answer that never came or says nothing."""
    words = f"The homeserver gave no usable answer to {what} ({why})"
    return SendOutcomeUnknown(words) if sends else SendDeferred(words)


def _wait(headers: Mapping[str, str], answer: Json) -> float | None:
    """Seconds to wait, in either form: the header of today, the field of before. None when it does not say."""
    found: object = headers.get("Retry-After")
    milliseconds = answer.get("retry_after_ms")
    if found is None and isinstance(milliseconds, int | float):
        found = milliseconds / 1000
    try:
        seconds = float(str(found))
    except ValueError:
        return None
    return seconds if 0 <= seconds <= LONGEST_WAIT else None
