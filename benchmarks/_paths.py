"""The two ways through the whole bridge: a text to its thread, a reply to its phone."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks._load import Outcome, closed, steady
from benchmarks._processes import seen
from benchmarks._result import insist, percentile
from benchmarks._traffic import reaction_in, reply_in, text_in

PATIENCE = 30.0  # seconds without a call, after which no more are expected
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
        return self._pass(requests, rate, "chat.postMessage", self._marked(len(requests)))

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
        return self._pass(requests, rate, "twilio", self._marked(len(requests)))

    def react(self, contacts: list[int], rate: float | None, *, added: bool) -> "Passage":
        """A 👀 on the card of each contact, given or taken back, until the card is drawn anew."""
        roots = [self.roots[contact] for contact in contacts]
        requests = [reaction_in(self.sent + place, root, self.events, added=added) for place, root in enumerate(roots)]
        return self._pass(requests, rate, "chat.update", {root: place for place, root in enumerate(roots)})

    def quiet(self) -> None:
        """Return when the vendors were left alone for a while, and forget what came."""
        while seen(self.vendors):
            time.sleep(0.5)

    def _marked(self, count: int) -> dict[int | str, int]:
        return {self.sent + place: place for place in range(count)}

    def _pass(
        self, requests: list[bytes], rate: float | None, method: str, places: Mapping[int | str, int]
    ) -> "Passage":
        """``places``: of each request, by the mark of the call it leads to or by the message that call changes."""
        self.sent += len(requests)
        outcome = asyncio.run(steady(self.port, requests, rate) if rate else closed(self.port, requests))
        insist(not outcome.refused, "a request was refused")
        calls: list[Call] = []
        deadline = time.monotonic() + PATIENCE
        while len(calls) < len(requests) and time.monotonic() < deadline:
            time.sleep(0.05)
            came = [call for call in seen(self.vendors) if call[1] == method and _named(call) in places]
            if came:
                calls += came
                deadline = time.monotonic() + PATIENCE
        found = [places[_named(call)] for call in calls]
        insist(sorted(found) == list(range(len(requests))), "lost or doubled on the way")
        return Passage(found, outcome, calls)


def _named(call: Call) -> int | str:
    return call[2] if call[2] >= 0 else call[3]


@dataclass(slots=True)
class Passage:
    """What went through. ``calls``: the vendor's side, in the order they came; ``places``: of their requests."""

    places: list[int]
    outcome: Outcome
    calls: list[Call]

    @property
    def milliseconds(self) -> list[float]:
        """From the request sent to the vendor's call received."""
        began = self.outcome.began
        return [(call[0] - began[place]) * 1000 for place, call in zip(self.places, self.calls, strict=True)]

    @property
    def rate(self) -> float:
        """Messages a second, from the first request to the last call."""
        return len(self.calls) / (self.calls[-1][0] - min(self.outcome.began.values()))

    def told(self) -> str:
        """For people."""
        return f"p50 {percentile(self.milliseconds, 0.5):.1f} p99 {percentile(self.milliseconds, 0.99):.1f} ms"
