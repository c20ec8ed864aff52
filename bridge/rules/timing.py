"""What every decision does to the clocks of its conversations, and to the timers that watch them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bridge.domain.conversations import Conversation, ConversationStatus, State, ThreadState
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import ArmTimer, DisarmTimer, Effect, PostNote, Record, UpdateCard
from bridge.domain.events import Event, TimerFired
from bridge.domain.policy import Policy
from bridge.rules.clocks import Kind, next_moments, ticked
from bridge.rules.sla_words import closed_by_itself

RESPONSE_TIMER, RESOLUTION_TIMER, CLOSING_TIMER = "sla_response", "sla_resolution", "closing"
CLOCK_OF: Mapping[str, Kind] = {RESPONSE_TIMER: "response", RESOLUTION_TIMER: "resolution"}
TIMER_OF: Mapping[Kind, str] = {"response": RESPONSE_TIMER, "resolution": RESOLUTION_TIMER}


def timed(state: State, event: Event, decision: Decision, policy: Policy, now: datetime) -> Decision:
    """Return the decision with the clocks of its conversations brought up to now, and their timers set anew."""
    if decision.conversation is None and not decision.others:
        return decision
    known, fired = _known(state), event.kind if isinstance(event, TimerFired) else ""
    effects: list[Effect] = []

    def brought_up(conversation: Conversation) -> Conversation:
        before = known.get(conversation.number)
        after = ticked(before, conversation, policy, now)
        effects.extend(_timers(before, after, policy, fired))
        return after

    own = brought_up(decision.conversation) if decision.conversation is not None else None
    others = tuple(map(brought_up, decision.others))
    return replace(decision, conversation=own, others=others, effects=(*decision.effects, *effects))


def _known(state: State) -> dict[int, Conversation]:
    other = state.other.conversation if state.other is not None else None
    found = [one.conversation for one in (*state.joined, *state.chain, *state.mine)]
    found += [one.conversation for one in (state.via,) if one is not None]
    return {one.number: one for one in (*found, other, state.conversation) if one is not None}


def _timers(before: Conversation | None, after: Conversation, policy: Policy, fired: str) -> Iterator[Effect]:
    """What changes about the timers; one that just fired is gone, and set again while it has something to say."""
    earlier = _dues(before, policy) if before is not None else {}
    later, subject = _dues(after, policy), str(after.number)
    for kind in (RESPONSE_TIMER, RESOLUTION_TIMER, CLOSING_TIMER):
        due = later.get(kind)
        if due is None:
            if kind in earlier and kind != fired:
                yield DisarmTimer(kind, subject)
        elif kind == fired or earlier.get(kind) != due:
            yield ArmTimer(kind, subject, due, after.number)


def _dues(conversation: Conversation, policy: Policy) -> dict[str, datetime]:
    found = {TIMER_OF[kind]: at for kind, at in next_moments(conversation, policy).items()}
    quiet = closes_at(conversation, policy)
    return found if quiet is None else {**found, CLOSING_TIMER: quiet}


def closes_at(conversation: Conversation, policy: Policy) -> datetime | None:
    """Return when a conversation in which nobody waits is closed if it stays quiet, None: never."""
    line = policy.lines.get(conversation.line)
    if line is None or not line.close_after or conversation.merged is not None:
        return None
    # who may not be texted waits for nothing
    answerable = not conversation.opted_out and not conversation.blocked
    waits = answerable and conversation.waiting_since is not None
    if conversation.status is not ConversationStatus.OPEN or waits:
        return None
    last = max(filter(None, (conversation.last_inbound_at, conversation.last_outbound_at, conversation.created_at)))
    return last + line.close_after


def stayed_quiet(state: State, policy: Policy, now: datetime) -> Decision:
    """Close a conversation that was quiet long enough; a reply that has not left or arrived keeps it open."""
    conversation = state.conversation
    at = closes_at(conversation, policy) if conversation is not None else None
    line = policy.lines.get(conversation.line) if conversation is not None else None
    if conversation is None or line is None or at is None:
        return NOTHING
    if at > now:
        return Decision(conversation=conversation)
    if state.pending:
        again = ArmTimer(CLOSING_TIMER, str(conversation.number), now + line.close_after)
        return Decision(effects=(again,))
    shown = (thread for thread in state.threads if thread.state in (ThreadState.OPEN, ThreadState.OPENING))
    return Decision(
        conversation=replace(conversation, status=ConversationStatus.CLOSED, closed_at=now),
        effects=(
            *(PostNote(thread.id, closed_by_itself(line.close_after)) for thread in shown),
            *(UpdateCard(thread.id) for thread in state.threads),
            Record("closed", "bridge", "timer"),
        ),
    )
