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
    act = "opted_out" if after.opted_out else "opted_in"
    return (Record(act, "contact", "provider", message, conversation=after.number),)


def refused_by_contact(state: State, decision: Decision, message: str) -> Decision:
    """Return the decision with the address that was texted opted out, as the provider says it is."""
    own = decision.conversation or state.conversation
    texted = state.via.conversation if state.via is not None else own
    if texted is None or texted.opted_out:
        return decision
    cards = tuple(UpdateCard(thread.id) for thread in state.threads)
    record, out = Record("opted_out", "contact", "provider", message), replace(texted, opted_out=True)
    if state.via is None:
        return replace(decision, conversation=out, effects=(*decision.effects, *cards, record))
    theirs = replace(record, conversation=out.number)
    return replace(decision, others=(*decision.others, out), effects=(*decision.effects, *cards, theirs))
