"""Slack's answers to a failed call, sorted by what is certain about them."""

from collections.abc import Mapping
from typing import Literal

from bridge.adapters.platforms.slack.identity import Json, text
from bridge.adapters.platforms.slack.methods import METHODS
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected

ROOM_GONE: Mapping[str, str] = {
    "channel_not_found": "The channel does not exist, or the bot cannot see it: invite the bot to it.",
    "is_archived": "The channel is archived.",
    "not_in_channel": "The bot is not in the channel: invite it.",
    "is_inactive": "The channel is frozen.",
    "invalid_channel": "The channel's id is not one of Slack's.",
    "posting_to_channel_denied": "The bot may not post files in this channel.",
    "channel_is_limited_access": "Only some people may post in this channel.",
    "restricted_action": "The workspace does not let apps post in this channel.",
    "restricted_action_read_only_channel": "The channel is read-only.",
    "restricted_action_thread_only_channel": "The channel takes replies only, so no new thread can be begun there.",
    "restricted_action_non_threadable_channel": "The channel takes no threads.",
}
THREAD_GONE: Mapping[str, str] = {
    "thread_not_found": "The thread does not exist any more.",
    "cannot_reply_to_message": "Slack takes no replies to this message.",
    "restricted_action_thread_locked": "The thread is locked.",
}
CREDENTIALS: Mapping[str, str] = {
    "not_authed": "Slack got no token.",
    "invalid_auth": "Slack does not know the token.",
    "token_revoked": "The token was revoked: install the app again.",
    "token_expired": "The token has expired: install the app again.",
    "account_inactive": "The app was removed from the workspace: install it again.",
    "not_allowed_token_type": "This is the wrong kind of token.",
    "no_permission": "The token may not do this.",
    "org_login_required": "The workspace is being moved into an organisation.",
    "ekm_access_denied": "The workspace's administrators have suspended access.",
    "access_denied": "The workspace denies the app access.",
    "team_access_not_granted": "The app is not approved for this workspace.",
    "app_access_restricted": "The workspace restricts the app's access.",
    "two_factor_setup_required": "The workspace wants two-factor authentication set up first.",
}
BUSY = frozenset(
    {
        "ratelimited",
        "rate_limited",
        "message_limit_exceeded",
        "accesslimited",
        "team_added_to_org",
        "external_channel_migrating",
    }
)
TROUBLE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "update_failed"})
PLAIN: Mapping[str, str] = {
    "msg_too_long": "The message is too long for Slack.",
    "cant_update_message": "Slack does not let the bot change this message.",
    "edit_window_closed": "The workspace no longer lets this message be changed.",
    "too_many_reactions": "The message carries as many reactions as Slack allows.",
    "too_many_emoji": "The message carries as many different reactions as Slack allows.",
    "user_not_found": "Slack does not know the person.",
    "user_disabled": "The person's account is deactivated.",
    "user_not_in_channel": "The person is not in the channel.",
    "file_not_found": "The file does not exist any more.",
    "file_deleted": "The file was deleted.",
    "file_is_deleted": "The file was deleted.",
    "file_uploads_disabled": "The workspace takes no files.",
    "file_uploads_except_images_disabled": "The workspace takes pictures only.",
    "file_upload_size_restricted": "The workspace takes no files of this size.",
    "file_type_not_allowed": "The workspace takes no files of this kind.",
    "blocked_file_type": "The workspace takes no files of this kind.",
    "slack_connect_file_upload_sharing_blocked": "The workspace lets no files into shared channels.",
    "storage_limit_reached": "The workspace is over its storage limit.",
    "not_reactable": "This message takes no reactions.",
    "thread_locked": "The thread is locked.",
    "message_not_found": "The message does not exist any more.",
}
LONGEST_WAIT = 86_400.0
_OF_A_ROOT = frozenset({"message_not_found", "thread_locked"})
_ROOTED = frozenset({"chat.postMessage", "files.completeUploadExternal"})
_NO_MESSAGE = frozenset({"message_not_found", "not_reactable"})
_OF_A_MESSAGE = frozenset({"chat.update", "reactions.add", "reactions.remove"})
_POSTS = frozenset({"chat.postMessage", "conversations.open", "apps.connections.open", "auth.test"})


def refusal(method: str, answer: Json) -> Exception:
    """The error for an answer with ``ok: false``. Its words name no token and no message."""
    code = text(answer, "error") or "unknown_error"
    if code in CREDENTIALS:
        return CredentialsRejected(f"{CREDENTIALS[code]} ({code})")
    if code == "missing_scope":
        return _missing_scope(method, answer)
    if code in BUSY:
        return SendDeferred(f"Slack is limiting calls ({code})", whole_target=True)
    if code in TROUBLE or code == "unknown_error":
        return uncertain(method, code)
    return SendRejected(code, _reason(method, code), gone=_gone(method, code))


def _reason(method: str, code: str) -> str:
    return ROOM_GONE.get(code) or THREAD_GONE.get(code) or PLAIN.get(code) or f"Slack refused {method}."


def _gone(method: str, code: str) -> Literal["thread", "room", "message"] | None:
    if code in ROOM_GONE or method == "conversations.open":
        return "room"
    if code in _NO_MESSAGE and method in _OF_A_MESSAGE:
        return "message"
    # a post is refused for want of a message, or for a lock, only when that is the root it replies to
    return "thread" if code in THREAD_GONE or (code in _OF_A_ROOT and method in _ROOTED) else None


def _missing_scope(method: str, answer: Json) -> Exception:
    needed = text(answer, "needed") or "a scope"
    words = f"The app lacks {needed} for {method}: update it from the manifest and install it again."
    # without it no text can be shown at all, so everything waits; otherwise only this one thing fails
    return CredentialsRejected(words) if method in _POSTS else SendRejected("missing_scope", words)


def uncertain(method: str, what: str) -> Exception:
    """The error for an answer that never came or says nothing."""
    if METHODS[method].repeatable:
        return SendDeferred(f"Slack gave no usable answer to {method} ({what})")
    return SendOutcomeUnknown(f"Slack gave no usable answer to {method} ({what})")


def limited(headers: Mapping[str, str]) -> SendDeferred:
    """The error for HTTP 429; it blocks the method for the whole workspace."""
    return SendDeferred("Slack is limiting calls", retry_after(headers), whole_target=True)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds Slack asks to wait, None when it does not say. A date or nonsense counts as not said."""
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if 0 <= seconds <= LONGEST_WAIT else None
