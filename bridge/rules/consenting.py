"""``!optout`` and ``!optin``: a teammate notes what the contact said elsewhere."""

from bridge.domain.conversations import Conversation
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import Effect
from bridge.domain.people import Contact
from bridge.rules import consent_words, owning_words
from bridge.rules.act import Act
from bridge.rules.consent import Change, opted_in, opted_out
from bridge.rules.hearing import folded
from bridge.rules.merged import reply_route
from bridge.rules.permission import is_manager
from bridge.rules.waiting import let_through


def opt_out(act: Act) -> Decision:
    """Note that the contact wants no texts, at none of their numbers."""
    conversation, contact = act.state.conversation, act.state.contact
    if conversation is None or contact is None:
        return NOTHING
    known: dict[int, Conversation] = {}
    effects: list[Effect] = []
    pairs = [(conversation, contact), *((one.conversation, one.contact) for one in act.state.joined)]
    for one, who in pairs:
        changed = opted_out(act.state, one, who, act.policy, _change(act))
        for after in (changed.conversation, *changed.others):
            known.setdefault(after.number, after)
        effects += changed.effects
    if not effects:
        return Decision(effects=act.told(owning_words.OPTED_OUT_NOTE))
    return _decided(act, tuple(known.values()), effects, owning_words.OPTED_OUT_NOTE)


def opt_in(act: Act) -> Decision:
    """Note that the contact wants texts again at the number that replies go to; the words of consent go on record."""
    route = reply_route(act.state)
    conversation = route.conversation if route is not None else act.state.conversation
    contact: Contact | None = route.contact if route is not None else act.state.contact
    if conversation is None or contact is None:
        return NOTHING
    if not act.argument.strip():
        return act.tell(owning_words.OPT_IN_HOW)
    themselves = conversation.opted_out and conversation.consent.by == "contact"
    if themselves and not _may_lift(act):
        return act.tell(consent_words.CANNOT_LIFT)
    if not conversation.opted_out and conversation.consent.given:
        return Decision(effects=act.told(owning_words.OPTED_IN_NOTE))
    changed = opted_in(act.state, conversation, contact, act.policy, _change(act))
    said = consent_words.LIFTED_BY_HAND if themselves else owning_words.OPTED_IN_NOTE
    return _decided(act, (changed.conversation, *changed.others), [*changed.effects], said)


def _may_lift(act: Act) -> bool:
    """A contact's own STOP is a manager's to lift, where there are managers."""
    managers = any(mate.role == "manager" for mate in act.policy.teammates)
    return is_manager(act.actor, act.policy) or not managers


def _change(act: Act) -> Change:
    words = act.argument.strip()[: consent_words.EVIDENCE_AT_MOST]
    return Change(source="person", actor=act.actor.key, surface=act.surface, now=act.now, words=words)


def _decided(act: Act, changes: tuple[Conversation, ...], effects: list[Effect], said: owning_words.Note) -> Decision:
    assert act.state.conversation is not None  # noqa: S101 - asked before
    own, others = folded(act.state.conversation, changes)
    messages, sends = let_through(act.state, act.state.pending, act.policy, act.now)
    changed = own if own != act.state.conversation else None
    return Decision(
        conversation=changed,
        others=others,
        messages=messages,
        effects=(*act.cards(), *effects, *sends, *act.told(said)),
    )
