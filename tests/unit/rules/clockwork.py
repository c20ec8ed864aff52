"""A conversation with times to keep, lived through: acts, hours that pass, timers that fire when they are due."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bridge.domain.conversations import Absence, Conversation
from bridge.domain.decision import Decision
from bridge.domain.effects import ArmTimer, DisarmTimer, PostNote
from bridge.domain.events import SendSettled, TimerFired
from bridge.domain.hours import Hours
from bridge.domain.messages import MessageStatus
from bridge.domain.policy import SlaPolicy, SlaStep
from bridge.rules.decide import decide
from tests.unit.rules.builders import NOW, line, policy, reply, state, text
from tests.unit.rules.teams import WITH

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OFFICE = Hours(ZoneInfo("UTC"), (((time(9), time(17)),),) * 5 + ((),) * 2)
STANDARD = SlaPolicy(
    name="standard",
    first_response=60 * MINUTE,
    next_response=30 * MINUTE,
    resolution=8 * HOUR,
    warn_at=0.5,
    ladder=(SlaStep(0 * MINUTE, "assignee"), SlaStep(15 * MINUTE, "team"), SlaStep(15 * MINUTE, "manager")),
)
PENDING = (MessageStatus.HELD, MessageStatus.QUEUED, MessageStatus.FAILED, MessageStatus.UNKNOWN)
SENT = SendSettled(external_id="s", message="m1", outcome="accepted", provider_id="SM9")


class Life:
    """One conversation. ``now`` moves by ``passes``; ``said``: what the thread was told, in order."""

    def __init__(
        self, sla: SlaPolicy = STANDARD, hours: Hours | None = None, now: datetime = NOW, **changed: Any
    ) -> None:
        """Begin with a first text."""
        more: dict[str, Any] = {"sla": {sla.name: sla}, **WITH}
        self.policy = policy(line(team="support", sla=sla.name, hours=hours, **changed), **more)
        self.now = now
        self.timers: dict[str, datetime] = {}
        self.subjects: dict[str, str] = {}
        self.said: list[PostNote] = []
        self.away: tuple[Absence, ...] = ()
        self.state = replace(state(), conversation=None, fresh_number=1042, threads=())
        self.does(text())

    @property
    def conversation(self) -> Conversation:
        """As it is."""
        assert self.state.conversation is not None
        return self.state.conversation

    def does(self, event: Any, **state_of_it: Any) -> Decision:
        """Something happens now."""
        decision = decide(replace(self.state, away=self.away, **state_of_it), event, self.policy, self.now)
        threads = {one.id: one for one in (*self.state.threads, *decision.threads)}
        written = {one.id: one for one in (*self.state.pending, *decision.messages)}
        self.state = replace(
            self.state,
            conversation=decision.conversation or self.state.conversation,
            threads=tuple(threads.values()),
            pending=tuple(one for one in written.values() if one.status in PENDING),
        )
        for effect in decision.effects:
            if isinstance(effect, ArmTimer):
                self.timers[effect.kind], self.subjects[effect.kind] = effect.due, effect.subject
            elif isinstance(effect, DisarmTimer):
                self.timers.pop(effect.kind, None)
            elif isinstance(effect, PostNote):
                self.said.append(effect)
        return decision

    def texts(self) -> Decision:
        """The contact writes."""
        return self.does(text())

    def answered(self) -> Decision:
        """A reply leaves."""
        message = reply(status=MessageStatus.SENDING)
        return self.does(SENT, message=message)

    def fires(self, kind: str) -> Decision:
        """A timer, be it late, early or a second time."""
        subject = self.subjects.get(kind, "1042")
        about = next((one for one in self.state.pending if one.id == subject), None)
        return self.does(TimerFired(external_id="t", kind=kind, conversation=1042, subject=subject), message=about)

    def passes(self, span: timedelta) -> list[str]:
        """Time goes by, and timers fire when they are due; returns what the thread was told."""
        before, end = len(self.said), self.now + span
        while (due := min((at for at in self.timers.values() if at <= end), default=None)) is not None:
            kind = next(kind for kind, at in self.timers.items() if at == due)
            del self.timers[kind]
            self.now = max(self.now, due)
            self.fires(kind)
        self.now = end
        return [one.note.text for one in self.said[before:]]

    def skips(self, span: timedelta) -> list[str]:
        """Time goes by while nobody is there to see it; then the timers that fell due fire, in order."""
        before, self.now = len(self.said), self.now + span
        while late := sorted((at, kind) for kind, at in self.timers.items() if at <= self.now):
            for _, kind in late:
                del self.timers[kind]
                self.fires(kind)
        return [one.note.text for one in self.said[before:]]
