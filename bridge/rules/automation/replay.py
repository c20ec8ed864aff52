"""Trying rules on what happened before: nothing is sent and nothing is written."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bridge.domain.assistant import AssistantAnswered
from bridge.domain.automation import RAN, Facts
from bridge.domain.conversations import Conversation, ConversationStatus, State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import ArmTimer, Record
from bridge.domain.events import Event, TextReceived, TimerFired
from bridge.domain.keeping import SaveTurn
from bridge.domain.messages import Message, MessageKind, MessageStatus
from bridge.domain.past import Difference, Past, Ran, Rehearsal, Step
from bridge.domain.policy import Policy
from bridge.rules.answering import answered
from bridge.rules.automation.engine import NO_FACTS, automated, wants
from bridge.rules.automation.happened import RULE_TIMER, written

ABOUT = 40
"""Characters of a text that tell which one it is."""
_BY_HAND = "by hand"


def rehearsed(
    pasts: Sequence[Past], before: Policy, after: Policy, until: datetime, language_of: Callable[[str], str]
) -> Rehearsal:
    """Return what the rules of two configurations would have done, and where they differ.

    ``language_of``: tells a text's language, where a rule asks.
    """
    first, second = (list(_Stage(policy, language_of).played(pasts, until)) for policy in (before, after))
    known = {(ran.number, ran.at, ran.about): ran for ran in first}
    others = {(ran.number, ran.at, ran.about): ran for ran in second}
    differences = [
        Difference(*key, before=_did(known.get(key)), after=_did(others.get(key)))
        for key in sorted({*known, *others}, key=lambda key: (key[1], key[0], key[2]))
        if _did(known.get(key)) != _did(others.get(key))
    ]
    steps = [step for past in pasts for step in past.steps]
    texts = sum(step.kind == "text" for step in steps)
    return Rehearsal(texts, len(pasts), tuple(differences), _counts(first, second, before, after))


def _did(ran: Ran | None) -> tuple[tuple[str, str], ...]:
    return ran.did if ran is not None else ()


def _counts(first: list[Ran], second: list[Ran], before: Policy, after: Policy) -> tuple[tuple[str, int, int], ...]:
    one, other = (Counter(rule for ran in played for rule, _ in ran.did) for played in (first, second))
    rules = (*before.automation.rules, *after.automation.rules)
    return tuple((name, one[name], other[name]) for name in dict.fromkeys(rule.name for rule in rules))


@dataclass(slots=True)
class _Stage:
    """The conversations as one set of rules would have left them."""

    policy: Policy
    language_of: Callable[[str], str]
    conversations: dict[int, Conversation] = field(default_factory=dict[int, Conversation])
    turns: dict[str, str] = field(default_factory=dict[str, str])
    automatic: dict[str, tuple[tuple[str, datetime], ...]] = field(
        default_factory=dict[str, tuple[tuple[str, datetime], ...]]
    )
    owners: dict[str, str] = field(default_factory=dict[str, str])
    timers: list[tuple[datetime, int, str]] = field(default_factory=list[tuple[datetime, int, str]])
    armed: dict[str, datetime] = field(default_factory=dict[str, datetime])

    def played(self, pasts: Sequence[Past], until: datetime) -> Iterator[Ran]:
        """Play every step in the order of time, and the timers of rules between them."""
        steps = [(step.at, past.number, place) for past in pasts for place, step in enumerate(past.steps)]
        known = {past.number: past for past in pasts}
        for at, number, place in sorted(steps):
            yield from self._fired(known, at)
            past = known[number]
            yield from self._stepped(past, past.steps[place], is_first=place == 0 and past.whole)
        yield from self._fired(known, until)

    def _fired(self, known: dict[int, Past], until: datetime) -> Iterator[Ran]:
        while self.timers and self.timers[0][0] <= until:
            due, number, subject = heapq.heappop(self.timers)
            if self.armed.get(subject) != due:
                continue  # it was armed anew
            del self.armed[subject]
            event = TimerFired(external_id=f"{number}/{due}", kind=RULE_TIMER, conversation=number, subject=subject)
            state = self._state(known[number], self.conversations[number])
            yield from self._ran(known[number], state, event, NOTHING, due, "nobody answered")

    def _stepped(self, past: Past, step: Step, *, is_first: bool) -> Iterator[Ran]:
        if step.kind == "sorted":
            yield from self._sorted(past, step)
            return
        before = self.conversations.get(past.number) or _fresh(past)
        after = _changed(before, step)
        event: Event = TimerFired(external_id=_BY_HAND, kind=_BY_HAND, conversation=past.number, subject="")
        messages: tuple[Message, ...] = ()
        about = step.kind
        if step.kind == "text":
            event, messages, about = _text(past, step), (_message(past, step),), _opening(step)
        elif step.kind == "failed":
            messages = (replace(_message(past, step), kind=MessageKind.REPLY, status=MessageStatus.FAILED),)
        state = self._asking(self._state(past, None if is_first else before), event)
        yield from self._ran(past, state, event, Decision(conversation=after, messages=messages), step.at, about)

    def _sorted(self, past: Past, step: Step) -> Iterator[Ran]:
        """The assistant's answer, as the configuration takes it now."""
        text = next((one for one in past.steps if one.kind == "text" and one.id == step.id), None)
        message = replace(_message(past, text), media=text.media) if text is not None else None
        state = replace(self._state(past, self.conversations.get(past.number) or _fresh(past)), message=message)
        event = _answer(past, step)
        decision = answered(state, event, self.policy, step.at)
        yield from self._ran(past, self._asking(state, event), event, decision, step.at, _opening(text or step))

    def _asking(self, state: State, event: Event) -> State:
        """The state with what it takes to tell, where a rule asks."""
        wanted, text = wants(event, self.policy), written(state, event)
        if wanted is None or not wanted.language or text is None:
            return state
        return replace(state, facts=replace(state.facts or NO_FACTS, language=self.language_of(text.body)))

    def _state(self, past: Past, conversation: Conversation | None) -> State:
        facts = Facts(
            turns=tuple(self.turns.items()),
            loads=tuple(Counter(one.assignee for one in self.conversations.values() if one.assignee).items()),
            last_assignee=self.owners.get(past.contact.id),
            automatic=self.automatic.get(past.contact.id, ()),
            first_time=past.first,
        )
        return State(conversation=conversation, contact=past.contact, facts=facts)

    def _ran(  # noqa: PLR0917 - what decisions are made of
        self, past: Past, state: State, event: Event, decision: Decision, at: datetime, about: str
    ) -> Iterator[Ran]:
        done = automated(state, event, decision, self.policy, at)
        if done.conversation is not None:
            self.conversations[past.number] = done.conversation
            if done.conversation.assignee is not None:
                self.owners[past.contact.id] = done.conversation.assignee
        texted = tuple((one.automatic.partition(":")[2], at) for one in done.messages if one.automatic is not None)
        self.automatic[past.contact.id] = (*self.automatic.get(past.contact.id, ()), *texted)
        did: list[tuple[str, str]] = []
        for effect in done.effects:
            if isinstance(effect, SaveTurn):
                self.turns[effect.team] = effect.teammate
            elif isinstance(effect, ArmTimer) and effect.kind == RULE_TIMER:
                self.armed[effect.subject] = effect.due
                heapq.heappush(self.timers, (effect.due, past.number, effect.subject))
            elif isinstance(effect, Record) and effect.act == RAN:
                did.append((effect.actor.partition(":")[2], effect.detail))
        if did:
            yield Ran(past.number, at, about, tuple(did))


def _fresh(past: Past) -> Conversation:
    return Conversation(
        number=past.number,
        line=past.line,
        contact=past.contact.id,
        status=ConversationStatus.OPEN,
        created_at=past.created_at,
    )


def _changed(known: Conversation, step: Step) -> Conversation:  # noqa: PLR0911 - one line a kind of step
    """The conversation as the contact or a teammate left it."""
    match step.kind:
        case "text":
            waiting = known.waiting_since or step.at
            opened = replace(known, status=ConversationStatus.OPEN, closed_at=None)
            return replace(opened, waiting_since=waiting, last_inbound_at=step.at)
        case "reply":
            return replace(known, waiting_since=None, last_outbound_at=step.at)
        case "closed":
            return replace(known, status=ConversationStatus.CLOSED, waiting_since=None, closed_at=step.at)
        case "reopened":
            return replace(known, status=ConversationStatus.OPEN, closed_at=None)
        case "assigned" | "unassigned":
            return replace(known, assignee=step.detail or None)
        case "labelled":
            return replace(known, labels=_labels(known.labels, step.detail.split()))
        case _:
            return known


def _labels(labels: tuple[str, ...], changes: list[str]) -> tuple[str, ...]:
    found = list(labels)
    for change in changes:
        name = change.removeprefix("+").removeprefix("-")
        found = [label for label in found if label != name]
        if not change.startswith("-"):
            found.append(name)
    return tuple(found)


def _text(past: Past, step: Step) -> TextReceived:
    return TextReceived(
        account="",
        external_id=step.id,
        provider_id=step.id,
        sender=past.contact.address,
        recipient="",
        body=step.body,
        media=step.media,
    )


def _message(past: Past, step: Step) -> Message:
    return Message(
        id=step.id,
        conversation=past.number,
        kind=MessageKind.INBOUND,
        body=step.body,
        status=MessageStatus.RECEIVED,
        created_at=step.at,
    )


def _answer(past: Past, step: Step) -> AssistantAnswered:
    category, _, rest = step.detail.partition(" ")
    sure = rest.partition(",")[0]
    answer = f'{{"category": "{category}", "confidence": {sure}}}'
    return AssistantAnswered(
        external_id=step.id, conversation=past.number, task="category", message=step.id, answer=answer
    )


def _opening(step: Step) -> str:
    words = " ".join(step.body.split())
    return words if len(words) <= ABOUT else f"{words[: ABOUT - 1]}…"
