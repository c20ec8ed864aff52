"""The two ways through the whole bridge: a text to its thread, a reply to its phone."""

import asyncio
import time
from dataclasses import dataclass

from benchmarks._load import Outcome, closed, steady
from benchmarks._processes import seen
from benchmarks._result import insist, percentile
from benchmarks._traffic import reply_in, text_in

PATIENCE = 60.0
Call = tuple[float, str, int, str, str]


@dataclass(slots=True)
class Way:
    """One server with its vendors. ``events``: where it takes Slack's events; ``sent``: numbers used so far."""

    port: int
    vendors: int
    events: str
    sent: int
    roots: dict[int, str]

    def text(self, contacts: list[int], rate: float | None) -> "Passage":
        """Texts from contacts, at a rate or all at once, until each is in its thread."""
        first = self.sent
        requests = [text_in(first + place, contact) for place, contact in enumerate(contacts)]
        return self._pass(requests, rate, "chat.postMessage")

    def open(self, contacts: int) -> None:
        """First texts: conversations with their threads."""
        first = self.sent
        done = self.text(list(range(contacts)), 100)
        for call in done.calls:
            self.roots[call[2] - first] = call[3]

    def reply(self, contacts: list[int], rate: float | None) -> "Passage":
        """Replies in the threads of contacts, until each is with Twilio."""
        first = self.sent
        requests = [reply_in(first + place, self.roots[contact], self.events) for place, contact in enumerate(contacts)]
        return self._pass(requests, rate, "twilio")

    def _pass(self, requests: list[bytes], rate: float | None, method: str) -> "Passage":
        first, self.sent = self.sent, self.sent + len(requests)
        outcome = asyncio.run(steady(self.port, requests, rate) if rate else closed(self.port, requests))
        insist(not outcome.refused, "a request was refused")
        calls: list[Call] = []
        deadline = time.monotonic() + PATIENCE
        while len(calls) < len(requests) and time.monotonic() < deadline:
            time.sleep(0.05)
            calls += [call for call in seen(self.vendors) if call[1] == method and call[2] >= first]
        insist(sorted(call[2] for call in calls) == list(range(first, self.sent)), "lost or doubled on the way")
        return Passage(first, outcome, calls)


@dataclass(slots=True)
class Passage:
    """What went through. ``calls``: the vendor's side, in the order they came."""

    first: int
    outcome: Outcome
    calls: list[Call]

    @property
    def milliseconds(self) -> list[float]:
        """From the request sent to the vendor's call received."""
        return [(call[0] - self.outcome.began[call[2] - self.first]) * 1000 for call in self.calls]

    @property
    def rate(self) -> float:
        """Messages a second, from the first request to the last call."""
        return len(self.calls) / (self.calls[-1][0] - min(self.outcome.began.values()))

    def told(self) -> str:
        """For people."""
        return f"p50 {percentile(self.milliseconds, 0.5):.1f} p99 {percentile(self.milliseconds, 0.99):.1f} ms"
