"""The first text of a conversation begun from our side: whether it may be sent, and what stands below it."""

from dataclasses import replace

from bridge.domain.conversations import Conversation, State
from bridge.domain.decision import Decision
from bridge.domain.messages import Message, Purpose
from bridge.domain.policy import ConsentPolicy
from bridge.rules import segments
from bridge.rules.quiet import texted


def agreed(state: State, conversation: Conversation) -> bool:
    """Tell whether the contact ever agreed to texts, in so many words or by writing to us."""
    before = [*([state.earlier] if state.earlier is not None else []), *(one.conversation for one in state.elsewhere)]
    return conversation.consent.given or any(one.last_inbound_at is not None for one in before)


def to_ask(conversation: Conversation) -> Conversation:
    """Return the conversation with its contact to be asked before the first text."""
    return replace(conversation, consent=replace(conversation.consent, asking="due"))


def with_opt_out_line(conversation: Conversation, body: str, policy: ConsentPolicy) -> tuple[Conversation, str]:
    """Return the text with how to opt out below it, unless the contact was told already."""
    line = policy.opt_out_line
    if line is None or conversation.consent.told or line.casefold() in body.casefold():
        return conversation, body
    return replace(conversation, consent=replace(conversation.consent, told=True)), f"{body}\n{line}"


def as_sent(state: State, message: Message, policy: ConsentPolicy) -> Message:
    """Return a text as it leaves: where every first text has how to opt out below it, with that."""
    conversation, _ = texted(state, message)
    about_consent = message.purpose in (Purpose.REQUEST, Purpose.CONFIRMATION)
    if policy.opt_out_line_on != "first" or conversation is None or about_consent or not message.body:
        return message
    _, body = with_opt_out_line(conversation, message.body, policy)
    if conversation.last_outbound_at is not None or body == message.body:
        return message
    body = segments.gsm_friendly(body)
    return replace(message, body=body, segments=segments.count(body).number)


def told_by(state: State, decision: Decision, message: Message, policy: ConsentPolicy) -> Decision:
    """Return the decision about a text that was taken, with its contact told how to opt out if it says so."""
    conversation, _ = texted(state, message)
    line = policy.opt_out_line
    if line is None or conversation is None or line.casefold() not in message.body.casefold():
        return decision
    if state.conversation is not None and conversation.number == state.conversation.number:
        own = decision.conversation or conversation
        return replace(decision, conversation=replace(own, consent=replace(own.consent, told=True)))
    told = replace(conversation, consent=replace(conversation.consent, told=True))
    return replace(decision, others=(*decision.others, told))
