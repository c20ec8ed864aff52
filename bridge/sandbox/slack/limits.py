"""Slack's rate limits: calls a minute per method, posts a second per channel."""

from collections import deque

from bridge.sandbox.slack.errors import RateLimited
from bridge.sandbox.slack.state import State

TIERS = {1: 1, 2: 20, 3: 50, 4: 100, 5: 300}
"""Calls a minute; 5 stands for the methods Slack calls special."""
MINUTE = 60.0


class Limits:
    """Counts calls in sandbox time. ``scale`` 2.0 is twice as generous, ``enabled`` False lets everything pass."""

    def __init__(self, state: State) -> None:
        """Start with Slack's documented limits."""
        self._state = state
        self.enabled = True
        self.scale = 1.0
        self.posts_per_second = 1.0
        self.burst = 5
        self.history_limited = False
        self._calls: dict[str, deque[float]] = {}
        self._posts: dict[str, tuple[float, float]] = {}

    def check_call(self, method: str, tier: int) -> None:
        """Count a call. Raises RateLimited."""
        if not self.enabled:
            return
        now = self._state.clock.timestamp()
        history = self.history_limited and method in ("conversations.history", "conversations.replies")
        allowed = 1 if history else max(1, int(TIERS[tier] * self.scale))
        calls = self._calls.setdefault(method, deque())
        while calls and calls[0] <= now - MINUTE:
            calls.popleft()
        if len(calls) >= allowed:
            raise RateLimited(calls[0] + MINUTE - now)
        calls.append(now)

    def check_post(self, channel: str) -> None:
        """Count a post in a channel: one a second after a small burst. Raises RateLimited."""
        if not self.enabled:
            return
        now = self._state.clock.timestamp()
        rate = self.posts_per_second * self.scale
        tokens, last = self._posts.get(channel, (float(self.burst), now))
        tokens = min(float(self.burst), tokens + max(0.0, now - last) * rate)
        if tokens < 1:
            self._posts[channel] = tokens, now
            raise RateLimited((1 - tokens) / rate)
        self._posts[channel] = tokens - 1, now

    def page_size(self, asked: int) -> int:
        """How many objects a history call may return."""
        return min(asked, 15) if self.history_limited else min(asked, 1_000)
