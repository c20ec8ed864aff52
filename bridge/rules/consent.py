"""Whether a contact wants texts: what they say, and what the provider tells us when it refuses one."""

from dataclasses import replace
from typing import Literal, TypeAlias

from bridge.domain.conversations import Conversation, State
from bridge.domain.decision import Decision
from bridge.domain.effects import Record, UpdateCard
from bridge.domain.events import TextReceived

Wish: TypeAlias = Literal["STOP", "START"]

STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
"""Words that carriers in the US hold to be a refusal of all further texts, when a text is nothing else."""
START_WORDS = frozenset({"start", "unstop"})
_AROUND = " \t\r\n.!\"'"


def wish_of(event: TextReceived) -> Wish | None:
    """Return what a text says about further texts: the provider's own signal, else a text that is one such word."""
    if event.opt_out is not None:
        return None if event.opt_out == "HELP" else event.opt_out
    word = event.body.strip(_AROUND).casefold()
    if word in STOP_WORDS:
        return "STOP"
    return "START" if word in START_WORDS else None


def heed(conversation: Conversation, wish: Wish | None) -> Conversation:
    """Return the conversation as the contact wants it."""
    return conversation if wish is None else replace(conversation, opted_out=wish == "STOP")


def consent_records(before: bool, after: Conversation, message: str) -> tuple[Record, ...]:
    """Return the entry that puts a change of mind on record, if there was one."""
    if before is after.opted_out:
        return ()
    return (Record("opted_out" if after.opted_out else "opted_in", "contact", "provider", message),)


def refused_by_contact(state: State, decision: Decision, message: str) -> Decision:
    """Return the decision with the conversation opted out, as the provider says it is."""
    conversation = decision.conversation or state.conversation
    if conversation is None or conversation.opted_out:
        return decision
    cards = tuple(UpdateCard(thread.id) for thread in state.threads)
    record = Record("opted_out", "contact", "provider", message)
    return replace(
        decision,
        conversation=replace(conversation, opted_out=True),
        effects=(*decision.effects, *cards, record),
    )
