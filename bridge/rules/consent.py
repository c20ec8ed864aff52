"""Whether a contact wants texts: what they say, what the provider tells us, and how far it reaches."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from bridge.domain.cards import Note
from bridge.domain.consent import Consent, ConsentEntry, ConsentKind, Source
from bridge.domain.conversations import Conversation, ConversationStatus, Related, State
from bridge.domain.decision import Decision
from bridge.domain.effects import Effect, Record, UpdateCard
from bridge.domain.events import TextReceived
from bridge.domain.keeping import NoteConsent
from bridge.domain.people import Contact
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules.act import plan_over
from bridge.rules.consent_words import (
    A_TEAMMATE,
    MORE_STOP_WORDS,
    SETTLED_IN,
    SETTLED_OUT,
    START_WORDS,
    STOP_WORDS,
    YES,
)
from bridge.rules.consent_words import opted_out as said_out
from bridge.rules.people import name_of

Wish: TypeAlias = Literal["STOP", "START"]
LONGEST = 60
"""Letters of a text that may still be one word and what stands around it."""


def bare(text: str) -> str:
    """Return the letters of a short text, small and without accents; blanks and signs, all but ``?``, do not count."""
    if len(text) > LONGEST:
        return ""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum() or sign == "?")


def wish_of(event: TextReceived, known: Conversation | None, policy: Policy) -> Wish | None:
    """Return what a text says about further texts: the provider's own signal, else a text that is one such word.

    ``known``: the conversation with the address it came from, by which a bare YES is understood.
    """
    if event.opt_out is not None:
        return None if event.opt_out == "HELP" else event.opt_out
    word, own = bare(event.body), policy.consent
    if word and word in STOP_WORDS | MORE_STOP_WORDS | {bare(one) for one in own.opt_out_words}:
        return "STOP"
    if word and word in START_WORDS | {bare(one) for one in own.opt_in_words}:
        return "START"
    awaited = known is not None and (known.opted_out or known.consent.asking == "asked")
    return "START" if awaited and word in YES else None


def provider_answers(event: TextReceived, line: LinePolicy) -> bool:
    """Tell whether the provider itself has told the contact that they get no more texts."""
    return event.opt_out is not None or (line.answers_stop and event.body.strip().casefold() in STOP_WORDS)


def covered(line: str, policy: Policy) -> frozenset[str]:
    """Return the lines that a refusal sent to one of them holds for."""
    known = policy.lines.get(line)
    if known is None or policy.consent.scope == "line":
        return frozenset({line})
    return frozenset(
        one.name
        for one in policy.lines.values()
        if policy.consent.scope == "everything" or one.account == known.account
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changes somebody's consent: where it comes from, and its evidence. ``actor``: as in ``Record``."""

    source: Source
    actor: str
    surface: str
    now: datetime
    words: str = ""
    message: str | None = None

    @property
    def by_contact(self) -> bool:
        """Whether the contact said so themselves."""
        return self.source in ("keyword", "provider", "words")


@dataclass(frozen=True, slots=True)
class Changed:
    """What comes of it: the conversation it is about, others it reaches, and what goes on record."""

    conversation: Conversation
    others: tuple[Conversation, ...] = ()
    effects: tuple[Effect, ...] = ()


def opted_out(state: State, conversation: Conversation, contact: Contact, policy: Policy, change: Change) -> Changed:
    """Note that an address wants no texts, on every line that this reaches."""
    before, known = conversation, conversation.consent
    stands = known.by == "contact" and known.line == conversation.line
    if before.opted_out and known.doubt is None and (stands or not change.by_contact):
        return Changed(before)
    consent = Consent(
        since=(known.since if before.opted_out else None) or change.now,
        by="contact" if change.by_contact else "person",
        line=before.line,
        noted_by=_noted_by(change),
        told=known.told,
    )
    after = replace(before, opted_out=True, consent=consent)
    lines = covered(before.line, policy)
    alike = [one for one in _elsewhere(state, contact, before) if one.conversation.line in lines]
    reached = [one for one in alike if not one.conversation.opted_out]
    others = tuple(replace(one.conversation, opted_out=True, consent=consent) for one in reached)
    entry = entry_of(ConsentKind.OPT_OUT, after, contact, policy, change)
    records = () if before.opted_out else (_record("opted_out", after, change),)
    settled = _settled(state, before, change, SETTLED_OUT)
    return Changed(after, others, (NoteConsent(entry), *records, *settled, *_reached("opted_out", reached, change)))


def opted_in(state: State, conversation: Conversation, contact: Contact, policy: Policy, change: Change) -> Changed:
    """Note that an address wants texts on this line, and on those where it is out for what it said to this one."""
    before = conversation
    given = Consent(given=True, told=before.consent.told)
    after = replace(before, opted_out=False, consent=given)
    if after == before:
        return Changed(before)
    out = [one for one in _elsewhere(state, contact, before) if one.conversation.opted_out]
    reached = [one for one in out if one.conversation.consent.line == before.line]
    others = tuple(replace(one.conversation, opted_out=False, consent=given) for one in reached)
    entry = entry_of(ConsentKind.OPT_IN, after, contact, policy, change)
    records = (_record("opted_in", after, change),) if before.opted_out else ()
    settled = _settled(state, before, change, SETTLED_IN)
    return Changed(after, others, (NoteConsent(entry), *records, *settled, *_reached("opted_in", reached, change)))


def entry_of(
    kind: ConsentKind, conversation: Conversation, contact: Contact, policy: Policy, change: Change
) -> ConsentEntry:
    """Return the line of the ledger for an act about this conversation's address."""
    line = policy.lines.get(conversation.line)
    return ConsentEntry(
        kind=kind,
        contact=contact.id,
        address=contact.address,
        line=conversation.line,
        account=line.account if line is not None else "",
        scope=policy.consent.scope if kind is ConsentKind.OPT_OUT else "line",
        source=change.source,
        conversation=conversation.number,
        words=change.words,
        person=_noted_by(change),
        message=change.message,
    )


def why_out(conversation: Conversation, policy: Policy) -> str:
    """Say how an address that opted out did so, and what lifts it."""
    noted_by = conversation.consent.noted_by
    who = None if noted_by is None else name_of(noted_by, policy) or A_TEAMMATE
    return said_out(conversation.consent.by, who)


def _noted_by(change: Change) -> str | None:
    return None if change.actor in ("contact", "bridge") else change.actor


def inherited(state: State, contact: Contact, fresh: Conversation, known: Conversation | None) -> Conversation:
    """Return a new conversation with what is known of its address, on its own line or on one whose refusal reaches."""
    if known is not None:
        return replace(fresh, opted_out=known.opted_out, consent=replace(known.consent, doubt=None))
    out = [one.conversation for one in _elsewhere(state, contact, fresh) if one.conversation.opted_out]
    newest = max(out, key=lambda one: one.number, default=None)
    return fresh if newest is None else replace(fresh, opted_out=True, consent=newest.consent)


def _elsewhere(state: State, contact: Contact, own: Conversation) -> list[Related]:
    """Return the other conversations with a contact, those that the state holds for other reasons included."""
    held = [*state.joined, *state.elsewhere]
    held += [state.via] if state.via is not None else []
    if state.conversation is not None and state.contact is not None:
        held.append(Related(conversation=state.conversation, contact=state.contact))
    found = {one.conversation.number: one for one in held if one.contact.id == contact.id}
    found.pop(own.number, None)
    return list(found.values())


def _settled(state: State, before: Conversation, change: Change, note: Note) -> tuple[Effect, ...]:
    """Put away the question whether an earlier text was a refusal, where something else has decided that."""
    doubt = before.consent.doubt
    return () if doubt is None or change.source == "words" else plan_over(state, doubt, note)


def _reached(verb: str, reached: Iterable[Related], change: Change) -> tuple[Effect, ...]:
    effects: list[Effect] = []
    for one in reached:
        effects.append(_record(verb, one.conversation, change))
        if one.conversation.status is not ConversationStatus.CLOSED:
            effects += [UpdateCard(thread.id) for thread in one.threads]
    return tuple(effects)


def _record(verb: str, conversation: Conversation, change: Change) -> Record:
    detail = change.words if change.source == "person" else ""
    return Record(verb, change.actor, change.surface, change.message, detail, conversation=conversation.number)


def refused_by_contact(state: State, decision: Decision, message: str, policy: Policy, now: datetime) -> Decision:
    """Return the decision with the address that was texted opted out, as the provider says it is."""
    own = decision.conversation or state.conversation
    texted = state.via.conversation if state.via is not None else own
    contact = state.via.contact if state.via is not None else state.contact
    if texted is None or contact is None or texted.opted_out:
        return decision
    change = Change(source="provider", actor="contact", surface="provider", now=now, message=message)
    changed = opted_out(state, texted, contact, policy, change)
    cards = tuple(UpdateCard(thread.id) for thread in state.threads)
    others = (*decision.others, *changed.others)
    effects = (*decision.effects, *cards, *changed.effects)
    if state.via is None:
        return replace(decision, conversation=changed.conversation, others=others, effects=effects)
    return replace(decision, others=(*others, changed.conversation), effects=effects)
