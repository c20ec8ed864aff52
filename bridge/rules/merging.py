"""Merging a conversation into another, and separating it again. Both keep their numbers, messages and threads."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from bridge.domain.cards import Note
from bridge.domain.conversations import Conversation, ConversationStatus, Merged, Related, State, Thread
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import Effect, OpenForm, PostNote, UpdateCard, UpdateNote
from bridge.domain.messages import MessageStatus
from bridge.domain.people import Contact
from bridge.rules import merging_words as words
from bridge.rules.act import Act, also, disarmed
from bridge.rules.addresses import shown
from bridge.rules.marking import HELD_FOR_A_PERSON
from bridge.rules.merged import on_platform
from bridge.rules.permission import may_see, refusal
from bridge.rules.threads import line_of
from bridge.rules.wording import MAY_NOT_ACT

AT_MOST = 10
"""Conversations merged into one."""
_NUMBER = re.compile(r"#?([0-9]{1,15})")


def number_in(words: str) -> int | None:
    """Return the number that words name, None when they are anything else."""
    found = _NUMBER.fullmatch(words.strip())
    return int(found[1]) if found else None


def merge(act: Act) -> Decision:
    """Let the conversation go on in the one whose number is given."""
    conversation, contact = act.state.conversation, act.state.contact
    if conversation is None or contact is None:
        return NOTHING
    if conversation.merged is not None:
        goal = act.state.chain[-1].conversation.number if act.state.chain else conversation.merged.into
        return act.tell(words.is_merged(goal))
    wanted = number_in(act.argument)
    if wanted is None:
        return _ask(act, conversation)
    found = _goal(act, conversation, wanted)
    return (
        act.tell(found)
        if isinstance(found, Note)
        else _merged(act, Related(conversation=conversation, contact=contact, threads=act.state.threads), found)
    )


def _goal(act: Act, one: Conversation, wanted: int) -> Related | Note:
    """Return what to merge into, or what to tell the actor instead."""
    other = act.state.other
    if wanted == one.number:
        return words.ITSELF
    if other is None or other.conversation is None or other.contact is None:
        return words.unknown(wanted)
    refused = _refused(act, one, other, other.conversation, wanted)
    return refused or Related(conversation=other.conversation, contact=other.contact, threads=other.threads)


def _refused(act: Act, one: Conversation, other: State, two: Conversation, wanted: int) -> Note | None:
    line = line_of(two, act.policy)
    if line is None or two.erased_at is not None or not may_see(act.actor, act.room, other, act.policy):
        return words.unknown(wanted)
    if two.merged is not None:
        return words.is_merged_here(wanted)
    if (refused := refusal(act.actor, line, act.policy)) is not None:
        return replace(refused, text=MAY_NOT_ACT)
    if one.blocked or two.blocked:
        return words.IS_BLOCKED
    return words.TOO_MANY if len(other.joined) + len(act.state.joined) >= AT_MOST else None


def _ask(act: Act, conversation: Conversation) -> Decision:
    if act.argument.strip() or not act.trigger:
        return act.tell(words.MERGE_HOW)
    return Decision(effects=(OpenForm(act.actor, act.trigger, words.merge_form(conversation.number)),))


def _merged(act: Act, source: Related, target: Related) -> Decision:
    one, two = source.conversation, target.conversation
    record = Merged(
        into=two.number,
        at=act.now,
        status=one.status,
        labels=tuple(label for label in one.labels if label not in two.labels),
        watchers=tuple(key for key in one.watchers if key not in two.watchers),
        assigned=two.assignee is None and one.assignee is not None,
        named=_named(source.contact, target.contact),
    )
    away = replace(
        one,
        status=ConversationStatus.CLOSED,
        closed_at=one.closed_at or act.now,
        snoozed_until=None,
        waiting_since=None,
        merged=record,
    )
    home = _with(two, one, record)
    return Decision(
        conversation=away,
        others=(home,),
        contacts=_named_alike(source.contact, target.contact, record),
        effects=(
            *_said(source.threads, words.away(two.number, one.number, act.actor), target.threads),
            *_said(target.threads, _arrival(act, source, home, target.contact), source.threads),
            *disarmed(one),
            *(disarmed(two) if home.snoozed_until is None else ()),
            act.record("merged", detail=f"#{two.number}"),
            replace(act.record("merged_here", detail=f"#{one.number}"), conversation=two.number),
            *act.told(words.merged(two.number)),
        ),
    )


def _named(contact: Contact, other: Contact) -> Literal["", "here", "there"]:
    if (contact.name is None) is (other.name is None):
        return ""
    return "here" if contact.name is None else "there"


def _named_alike(contact: Contact, other: Contact, record: Merged) -> tuple[Contact, ...]:
    if record.named == "here":
        return (replace(contact, name=other.name),)
    return (replace(other, name=contact.name),) if record.named == "there" else ()


def _with(two: Conversation, one: Conversation, record: Merged) -> Conversation:
    """The conversation that another goes on in: whatever waits in either waits in it, and it has the labels of both."""
    waiting = [moment for moment in (one.waiting_since, two.waiting_since) if moment is not None]
    heard = [moment for moment in (one.last_inbound_at, two.last_inbound_at) if moment is not None]
    newer = one.last_inbound_at is not None and max(heard) == one.last_inbound_at != two.last_inbound_at
    awake = one.status is ConversationStatus.OPEN
    reopens = awake or (one.status is not two.status and two.status is not ConversationStatus.SNOOZED)
    return replace(
        two,
        status=ConversationStatus.OPEN if reopens else two.status,
        closed_at=None if reopens else two.closed_at,
        snoozed_until=None if reopens else two.snoozed_until,
        labels=(*two.labels, *record.labels),
        watchers=(*two.watchers, *record.watchers),
        assignee=one.assignee if record.assigned else two.assignee,
        waiting_since=min(waiting, default=None),
        last_inbound_at=max(heard, default=None),
        joined=(*two.joined, one.number),
        reply_via=(one.reply_via or one.number) if newer else two.reply_via,
    )


def _arrival(act: Act, source: Related, home: Conversation, contact: Contact) -> Note:
    """What the thread is told that it goes on in."""
    pending = act.state.pending
    held = sum(one.status is MessageStatus.HELD and one.hold in HELD_FOR_A_PERSON for one in pending)
    further = act.state.other.joined if act.state.other is not None else ()
    known = {one.conversation.number: one.contact for one in (source, *act.state.joined, *further)}
    answered = known.get(home.reply_via, contact) if home.reply_via is not None else contact
    address = shown(source.contact.address)
    who = f"{source.contact.name} ({address})" if source.contact.name else address
    return words.here(source.conversation.number, who, shown(answered.address), held, act.actor)


def _said(threads: tuple[Thread, ...], note: Note, goals: tuple[Thread, ...]) -> tuple[Effect, ...]:
    """Say something in each thread of a conversation, with a link to where the other one is, and draw its cards."""
    effects: list[Effect] = []
    for thread in threads:
        goal = on_platform(goals, thread.platform)
        effects += [PostNote(thread.id, note, link=goal.id if goal else None), UpdateCard(thread.id)]
    return tuple(effects)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parting:
    """``found`` leaves ``parent``, which it was merged into; ``home``: where that goes on itself, or it."""

    found: Related
    merged: Merged
    parent: Related
    home: Related


def unmerge(act: Act) -> Decision:
    """Let a merged conversation go on by itself again: this one, or one that was merged in here."""
    conversation, contact = act.state.conversation, act.state.contact
    if conversation is None or contact is None:
        return NOTHING
    own = Related(conversation=conversation, contact=contact, threads=act.state.threads)
    found = _to_separate(act, own)
    if isinstance(found, Note):
        return also(act.tell(found), *_without_button(act, words.APART))
    family = {one.conversation.number: one for one in (own, *act.state.joined, *act.state.chain)}
    merged = found.conversation.merged
    parent = family.get(merged.into) if merged is not None else None
    if merged is None or parent is None:
        return also(act.tell(words.NOT_MERGED), *_without_button(act, words.APART))
    home = act.state.chain[-1] if act.state.chain else own
    return _separated(act, own, _Parting(found=found, merged=merged, parent=parent, home=home))


def _without_button(act: Act, note: Note) -> tuple[Effect, ...]:
    """Put ``note`` in the place of what told of the merging, if that was pressed and not the card."""
    cards = {thread.root for thread in act.state.threads}
    return () if act.pressed is None or act.pressed in cards else (UpdateNote(act.pressed, note),)


def _to_separate(act: Act, own: Related) -> Related | Note:
    wanted, family = number_in(act.argument), (own, *act.state.joined)
    if wanted is None and len(own.conversation.joined) > 1 and own.conversation.merged is None:
        return words.which(own.conversation.joined)
    if wanted is None:
        inside = own.conversation.joined if own.conversation.merged is None else ()
        wanted = next(iter(inside), own.conversation.number)
    return next((one for one in family if one.conversation.number == wanted), words.NOT_MERGED)


def _separated(act: Act, own: Related, parting: _Parting) -> Decision:
    found, parent, home = parting.found, parting.parent, parting.home
    number = found.conversation.number
    alone = _alone(found.conversation, home.conversation, parting.merged)
    changed = {number: alone, parent.conversation.number: _without(parent.conversation, alone, parting.merged)}
    if home.conversation.reply_via == number:
        at_home = changed.get(home.conversation.number, home.conversation)
        changed[home.conversation.number] = replace(at_home, reply_via=None)
    told = {one.conversation.number: one for one in (parent, home)}
    gone, restored = words.gone(number, act.actor), words.restored(home.conversation.number, act.actor)
    return Decision(
        conversation=changed.pop(own.conversation.number, None),
        others=tuple(changed.values()),
        contacts=_named_apart(found.contact, parent.contact, parting.merged),
        effects=(
            *_said(found.threads, restored, home.threads),
            *(effect for one in told.values() for effect in _said(one.threads, gone, found.threads)),
            replace(act.record("unmerged", detail=f"#{home.conversation.number}"), conversation=number),
            *(replace(act.record("unmerged_here", detail=f"#{number}"), conversation=one) for one in told),
            *_without_button(act, words.decided_apart(number, act.actor)),
            *act.told(words.separated(number)),
        ),
    )


def _alone(conversation: Conversation, home: Conversation, merged: Merged) -> Conversation:
    """The conversation as it was; its contact still waits when the last text there is theirs and nobody answered."""
    was_open = merged.status is not ConversationStatus.CLOSED
    waits = was_open and home.reply_via == conversation.number
    return replace(
        conversation,
        merged=None,
        status=ConversationStatus.OPEN if was_open else ConversationStatus.CLOSED,
        closed_at=None if was_open else conversation.closed_at,
        waiting_since=home.waiting_since if waits else None,
    )


def _without(parent: Conversation, alone: Conversation, merged: Merged) -> Conversation:
    given = merged.assigned and parent.assignee == alone.assignee
    return replace(
        parent,
        joined=tuple(number for number in parent.joined if number != alone.number),
        labels=tuple(label for label in parent.labels if label not in merged.labels),
        watchers=tuple(key for key in parent.watchers if key not in merged.watchers),
        assignee=None if given else parent.assignee,
    )


def _named_apart(contact: Contact, other: Contact, merged: Merged) -> tuple[Contact, ...]:
    """Take back the name one of the contacts got, unless it was called otherwise since."""
    if contact.name != other.name or not merged.named:
        return ()
    return (replace(contact if merged.named == "here" else other, name=None),)
