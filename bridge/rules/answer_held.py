"""An answer that a person gave and that leaves later by itself: until then nobody waits for the team."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.conversations import Conversation, State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import ArmTimer, Effect, UpdateCard
from bridge.domain.messages import Hold, Message, MessageStatus
from bridge.domain.policy import Policy
from bridge.rules.act import also
from bridge.rules.quiet import leaves_at

ANSWER_TIMER = "answer"


def with_answer(state: State, decision: Decision, policy: Policy) -> Decision:
    """Return the decision with its conversation as it is by the replies that are held after it."""
    conversation, known = decision.conversation or state.conversation, state.conversation
    if conversation is None or (known is not None and known.number != conversation.number):
        return decision  # of another one, what is held is not known
    until = _held_until(conversation, state, decision, policy)
    if until == conversation.answer_held_until:
        return decision
    cards = (UpdateCard(thread.id) for thread in state.threads)
    missing = (effect for effect in cards if effect not in decision.effects)
    return replace(also(decision, *missing), conversation=replace(conversation, answer_held_until=until))


def _held_until(conversation: Conversation, state: State, decision: Decision, policy: Policy) -> datetime | None:
    if conversation.waiting_since is None:
        return None
    messages = {one.id: one for one in (*state.pending, *decision.messages)}
    known = (one for one in messages.values() if one.conversation == conversation.number)
    held = (one for one in known if _answers(one, conversation, policy))
    leaves = (leaves_at(state, one, policy, one.release_at) for one in held if one.release_at is not None)
    return min(leaves, default=None)


def _answers(message: Message, conversation: Conversation, policy: Policy) -> bool:
    """Tell whether a held message is a person's answer to all that the contact wrote."""
    if message.status is not MessageStatus.HELD or message.author is None or message.plan is not None:
        return False
    if message.hold is Hold.QUIET:
        line, texted = policy.lines.get(conversation.line), conversation.last_inbound_at
        # with the stale stop a person has looked at what was overtaken
        stopped = line is not None and line.stale_stop
        return stopped or texted is None or message.created_at >= texted
    return message.hold is Hold.LATER  # what the contact overtakes is cancelled


def to_look_again(state: State, now: datetime) -> tuple[Effect, ...]:
    """Return the effect by which a conversation is looked at again where only messages may be changed."""
    number = state.conversation.number if state.conversation is not None else 0
    return (ArmTimer(ANSWER_TIMER, str(number), now),) if number else ()


def look_again(state: State, _policy: Policy, _now: datetime) -> Decision:
    """Decide nothing new: what is held is found whenever something is decided."""
    return NOTHING if state.conversation is None else Decision(conversation=state.conversation)
