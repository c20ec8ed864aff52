"""Refusals: of the app's calls, and of what people try."""

from collections.abc import Sequence

from bridge.sandbox.slack.journal import Json


class SlackError(Exception):
    """A call is refused with this error code; ``violation`` marks a breach that no circumstances excuse."""

    def __init__(self, code: str, *, violation: str | None = None, **extra: object) -> None:
        """Answer ``{"ok": false, "error": code, **extra}``."""
        super().__init__(code)
        self.code = code
        self.violation = violation
        self.extra = extra

    @property
    def answer(self) -> Json:
        """The answer's body."""
        return {"ok": False, "error": self.code, **self.extra}


class RateLimited(Exception):
    """A call comes too soon; the answer is 429 with Retry-After."""

    def __init__(self, seconds: float) -> None:
        """Ask for ``seconds`` of patience."""
        super().__init__("ratelimited")
        self.seconds = seconds


class ActRefused(Exception):
    """Slack's own client would not let this person do that; the text is its error code."""


def invalid(code: str, problems: Sequence[str]) -> SlackError:
    """A refusal for malformed arguments, with Slack's way of listing what is wrong."""
    messages = [f"[ERROR] {problem}" for problem in problems]
    return SlackError(code, violation="; ".join(problems), response_metadata={"messages": messages})
