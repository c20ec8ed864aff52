"""Trouble on order: what the page's knobs do to the two pretend vendors."""

from dataclasses import dataclass
from typing import Any, Literal

from bridge.sandbox.faults import Fault, FaultKind
from bridge.sandbox.slack.delivery import Disorder
from bridge.sandbox.slack.world import SlackWorld
from bridge.sandbox.twilio.model import Behaviour, Message
from bridge.sandbox.twilio.world import TwilioWorld

Vendor = Literal["twilio", "slack"]
FailureCode = Literal[30003, 30005, 30007, 21610]
CALLS: dict[Vendor, str] = {"twilio": "messages.create", "slack": "chat.postMessage"}
_BEHAVIOURS: dict[int, Behaviour] = {
    30003: "unreachable",
    30005: "undelivered",
    30007: "failed",
    21610: "opted_out",
}
ENDED = ("failed", "undelivered")


@dataclass(slots=True)
class Ordered:
    """A fault and the words the page shows while it waits."""

    words: str
    fault: Fault


class Trouble:
    """Everything that is about to go wrong on purpose."""

    def __init__(self, slack: SlackWorld, twilio: TwilioWorld) -> None:
        """Nothing goes wrong yet."""
        self._slack = slack
        self._twilio = twilio
        self._ordered: list[Ordered] = []
        self.next_text = NextText(twilio)
        self.twice = False

    def order(self, vendor: Vendor, kind: FaultKind, words: str, value: float = 0.0) -> None:
        """Let the next post to Slack, or the next text given to Twilio, fail in this way."""
        fault = Fault(CALLS[vendor], kind, value)
        faults = self._slack.faults if vendor == "slack" else self._twilio.faults
        faults.add(fault)
        self._ordered.append(Ordered(words, fault))

    def deliver_twice(self, on: bool) -> None:
        """Send every event, webhook and status callback twice."""
        self.twice = on
        self._slack.delivery.disorder = Disorder(same_id=1.0 if on else 0.0)
        self._twilio.webhooks.copies = self._twilio.callbacks.copies = 2 if on else 1

    def clear(self) -> None:
        """Call everything off."""
        for ordered in self._ordered:
            ordered.fault.times = 0
        self._slack.faults.clear()
        self._twilio.faults.clear()
        self.next_text.call_off()
        self.deliver_twice(False)

    def behave(self, number: str, behaviour: Behaviour) -> None:
        """Let a handset take texts in this way from now on."""
        self.next_text.behave(number, behaviour)

    def state(self) -> dict[str, Any]:
        """What is still on order, in words, for the page."""
        self._ordered = [one for one in self._ordered if one.fault.times > 0]
        waiting = [one.words for one in self._ordered]
        if self.next_text.code is not None:
            waiting.append(f"the next text fails with {self.next_text.code}")
        return {"waiting": waiting, "twice": self.twice}


class NextText:
    """Makes one text fail: every handset behaves badly until one text has met its fate."""

    def __init__(self, twilio: TwilioWorld) -> None:
        """Nothing fails yet."""
        self._twilio = twilio
        self._before: dict[str, tuple[Behaviour, int | None]] = {}
        self._victim: Message | None = None
        self._known = 0
        self._refusals = 0
        self.code: FailureCode | None = None

    def order(self, code: FailureCode) -> None:
        """Let the next text end with this error."""
        self.call_off()
        self.code = code
        self._known = len(self._twilio.history)
        self._refusals = self._refused()
        self._spoil(code)

    def call_off(self) -> None:
        """Let every handset behave as before."""
        self._restore(None)
        self.code = self._victim = None

    def look(self) -> None:
        """See how far it is; to be called after every change at Twilio."""
        if self.code is None:
            return
        if self._victim is None:
            self._victim = self._first_new()
            if self._victim is None:
                self._spoil(self.code)  # handsets that were added meanwhile
            else:
                self._restore(self._victim.to)
        met = self._victim is not None and self._victim.status in ENDED
        if met or self._refused() > self._refusals:
            self.call_off()

    def behave(self, number: str, behaviour: Behaviour) -> None:
        """Set how a handset behaves, now or, if it is about to fail a text, afterwards."""
        if number in self._before:
            self._before[number] = (behaviour, None)
            return
        phone = self._twilio.phone(number)
        phone.behaviour, phone.error_code = behaviour, None

    def behaviour(self, number: str) -> Behaviour:
        """How a handset behaves apart from the text that is to fail."""
        return self._before[number][0] if number in self._before else self._twilio.phone(number).behaviour

    def _spoil(self, code: FailureCode) -> None:
        for phone in self._twilio.phones.values():
            if phone.number not in self._before:
                self._before[phone.number] = (phone.behaviour, phone.error_code)
                phone.behaviour, phone.error_code = _BEHAVIOURS[code], code

    def _restore(self, but: str | None) -> None:
        for number, (behaviour, code) in list(self._before.items()):
            if number != but:
                phone = self._twilio.phone(number)
                phone.behaviour, phone.error_code = behaviour, code
                del self._before[number]

    def _first_new(self) -> Message | None:
        new = self._twilio.history[self._known :]
        return next((message for message in new if message.direction == "outbound-api"), None)

    def _refused(self) -> int:
        return sum(entry.where == CALLS["twilio"] and entry.status == 400 for entry in self._twilio.journal)  # noqa: PLR2004 - Bad Request
