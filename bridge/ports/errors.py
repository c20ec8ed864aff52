"""What can go wrong with a call to the outside, sorted by what is certain about it."""

from typing import Literal


class SendRejected(Exception):
    """Certainly not done, and never will be. ``code`` is the vendor's; ``reason`` is for a person to read.

    ``gone``: what no longer takes posts: the thread (a new one is needed), the whole room (an operator is), or just the
    message it was about. ``opted_out``: the contact wants no texts.
    """

    def __init__(
        self,
        code: str,
        reason: str,
        *,
        gone: Literal["thread", "room", "message"] | None = None,
        opted_out: bool = False,
    ) -> None:
        """Keep what the vendor said."""
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason
        self.gone = gone
        self.opted_out = opted_out


class SendDeferred(Exception):
    """Certainly not done, and may pass later. ``retry_after``: seconds the vendor asked for, None when it did not.

    ``whole_target``: the vendor limits everything that goes there, not this one call.
    """

    def __init__(self, reason: str, retry_after: float | None = None, *, whole_target: bool = False) -> None:
        """Keep how long to wait."""
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
        self.whole_target = whole_target


class SendOutcomeUnknown(Exception):
    """May have been done: the answer was lost, late or unreadable. Never repeated without looking it up."""


class CredentialsRejected(Exception):
    """Nothing passes there until somebody mends the credentials."""


class WebhookRejected(Exception):
    """The request is not from the provider; nothing of it may be stored. ``reason`` holds nothing of the request."""


class Unreadable(ValueError):
    """A request that makes no sense. The text says what is wrong with it and repeats nothing it holds."""


class MediaRefused(Exception):
    """This medium will never be had: too large, a kind we do not carry, gone. The text says so in plain words."""
