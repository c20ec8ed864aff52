"""The team's answer to the question whether a text was a refusal."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.consent import ConsentKind
from bridge.domain.conversations import Conversation, Related, State, ThreadState
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import DisarmTimer, Effect, PostNote, Record, UpdateNote
from bridge.domain.keeping import NoteConsent
from bridge.domain.people import Contact
from bridge.domain.policy import Policy
from bridge.rules import consent_words as words
from bridge.rules.act import Act
from bridge.rules.consent import Change, Changed, entry_of, opted_out
from bridge.rules.hearing import DOUBT_TIMER, folded
from bridge.rules.waiting import let_through


def revoked(act: Act) -> Decision:
    """It was: the contact opted out, with their own words as evidence."""
    return _answered(act, out=True)


def not_revoked(act: Act) -> Decision:
    """It was none: what waited for the answer leaves."""
    return _answered(act, out=False)


def _answered(act: Act, *, out: bool) -> Decision:
    message, found = act.state.message, _doubted(act.state)
    if message is None or act.state.conversation is None:
        return NOTHING
    if found is None:
        return act.tell(words.DECIDED)
    conversation, contact = found
    evidence = message.body.strip()[: words.EVIDENCE_AT_MOST]
    change = Change(
        source="words", actor=act.actor.key, surface=act.surface, now=act.now, words=evidence, message=message.id
    )
    if out:
        changed = opted_out(act.state, conversation, contact, act.policy, change)
    else:
        after = replace(conversation, consent=replace(conversation.consent, doubt=None))
        entry = entry_of(ConsentKind.KEPT, after, contact, act.policy, change)
        record = replace(act.record("refusal_denied", message.id), conversation=after.number)
        changed = Changed(after, effects=(NoteConsent(entry), record))
    own, others = folded(act.state.conversation, (changed.conversation, *changed.others))
    waiting = [one for one in act.state.pending if one.via == message.via]
    messages, sends = let_through(act.state, waiting, act.policy, act.now)
    note = words.answered(words.ANSWERED_YES if out else words.ANSWERED_NO, act.actor)
    asked: tuple[Effect, ...] = tuple(UpdateNote(post.ref, note) for post in act.state.notes)
    effects = (*asked, DisarmTimer(DOUBT_TIMER, message.id), *act.cards(), *changed.effects, *sends)
    return Decision(conversation=own, others=others, messages=messages, effects=effects)


def still_in_doubt(state: State, _policy: Policy, _now: datetime) -> Decision:
    """Ask once more when nobody has answered; say nothing when it was decided."""
    if state.message is None or _doubted(state) is None:
        return NOTHING
    note = words.still_asked(state.message.id)
    shown = [one for one in state.threads if one.state in (ThreadState.OPEN, ThreadState.OPENING)]
    posts = tuple(PostNote(one.id, note, state.message.id) for one in shown)
    return Decision(effects=(*posts, Record("reminded", "bridge", "timer", state.message.id, DOUBT_TIMER)))


def _doubted(state: State) -> tuple[Conversation, Contact] | None:
    """Return the conversation that is in doubt because of this message, and its contact."""
    message = state.message
    own = (
        Related(conversation=state.conversation, contact=state.contact)
        if state.conversation and state.contact
        else None
    )
    for one in (own, *state.joined, state.via):
        if one is not None and message is not None and one.conversation.consent.doubt == message.id:
            return one.conversation, one.contact
    return None
