"""How far an event about consent may reach: the contact's conversations on other lines, and their earlier ones."""

from bridge.domain.conversations import Conversation, State
from bridge.domain.events import ButtonPressed, DeliveryReported, Event, SendSettled, TextReceived
from bridge.domain.policy import Policy
from bridge.rules.commands import Command, command_of
from bridge.rules.consent import covered, wish_of
from bridge.rules.consent_words import REVOKED
from bridge.rules.owning_words import OPT_IN, OPT_OUT


def reach(state: State, event: Event, policy: Policy) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return whose other conversations (ids of contacts), on which lines, an event may reach; None: no others."""
    if state.conversation is None and state.fresh_number is None:
        return None
    if not _concerns_consent(state, event, policy):
        return None
    related = [one for one in (*state.joined, state.via) if one is not None]
    people = [*([state.contact] if state.contact is not None else []), *(one.contact for one in related)]
    contacts = {one.id for one in people}
    own = state.conversation.line if state.conversation is not None else _line_texted(event, policy)
    lines = {own, *(one.conversation.line for one in related)}
    reached = frozenset[str]().union(*(covered(line, policy) for line in lines))
    return (tuple(sorted(contacts)), tuple(sorted(reached))) if contacts else None


def _concerns_consent(state: State, event: Event, policy: Policy) -> bool:
    match event:
        case TextReceived():
            return state.fresh_number is not None or wish_of(event, _texted(state), policy) is not None
        case SendSettled() | DeliveryReported():
            return event.opted_out
        case ButtonPressed():
            return event.action == REVOKED
        case _:
            command = command_of(event)
            return isinstance(command, Command) and command.name in (OPT_OUT, OPT_IN)


def _texted(state: State) -> Conversation | None:
    return state.via.conversation if state.via is not None else state.conversation


def _line_texted(event: Event, policy: Policy) -> str:
    recipient, account = (event.recipient, event.account) if isinstance(event, TextReceived) else ("", "")
    lines = (one.name for one in policy.lines.values() if (one.account, one.address) == (account, recipient))
    return next(lines, "")
