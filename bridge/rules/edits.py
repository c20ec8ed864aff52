"""Edits and deletions: honoured while a reply is held, reported once it has left."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.content import Content
from bridge.domain.conversations import State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import DisarmTimer, Effect, PostNote, Reschedule, SendText, UpdateNote
from bridge.domain.events import ChatDeleted, ChatEdited
from bridge.domain.identity import identify
from bridge.domain.messages import Hold, Message, MessageKind, MessageStatus
from bridge.domain.people import Person, person_of
from bridge.domain.policy import Policy
from bridge.rules import wording
from bridge.rules.act import Act, also
from bridge.rules.actions import say
from bridge.rules.commands import parse
from bridge.rules.holding import hold, keep_as_comment, reasons_to_hold, with_body
from bridge.rules.markers import is_comment
from bridge.rules.marking import HELD_FOR_A_PERSON
from bridge.rules.permission import refusal
from bridge.rules.replies import draft_body, judge
from bridge.rules.reply_acts import HELD_TIMER, answered, cancel, disarming, stopped, stopping
from bridge.rules.threads import line_of, replace_lost

_NOT_LEFT = (MessageStatus.HELD, MessageStatus.QUEUED)


def chat_edited(state: State, event: ChatEdited, policy: Policy, now: datetime) -> Decision:
    """Take the new words of a held reply; report an edit that comes too late."""
    message = state.message
    if message is None or message.origin != event.ref:
        return NOTHING
    act = _act(state, event.author, event, policy, now)
    body = draft_body(event.content)
    if message.kind is MessageKind.COMMENT:
        return _comment_edited(act, replace(message, body=body), event.content, told=body not in ("", message.body))
    same = message.body == body and message.hold is not Hold.LATER  # of which the body holds no time
    if same or message.status is MessageStatus.CANCELLED:
        return NOTHING
    if message.status in _NOT_LEFT:
        return _edited_in_time(act, message, with_body(message, body), event.content)
    return _edited_late(act, message, body, event)


def _comment_edited(act: Act, edited: Message, content: Content, *, told: bool) -> Decision:
    """A comment never leaves by an edit; a writer who may have meant it to is told."""
    decision = Decision(messages=(edited,), effects=(act.record("comment_edited", edited.id),))
    reads_as_reply = told and not is_comment(content, act.policy.comment_markers)
    # where only explicit sends leave, plain words are comments to begin with
    if not reads_as_reply or act.line is None or act.line.reply_mode == "explicit":
        return decision
    return decision if refusal(act.actor, act.line, act.policy) else also(decision, act.private(wording.COMMENT_STAYS))


def _act(state: State, actor: Person, event: ChatEdited | ChatDeleted, policy: Policy, now: datetime) -> Act:
    return Act(
        state=state,
        actor=actor,
        surface="edit",
        room=event.ref.room,
        thread=event.thread,
        line=line_of(state.conversation, policy),
        policy=policy,
        now=now,
    )


def _edited_in_time(act: Act, before: Message, edited: Message, content: Content) -> Decision:
    """Judge the new words as if they were just written; a row that waits keeps its place or is void."""
    if refusal(act.actor, act.line, act.policy) is not None:
        return also(keep_as_comment(act, edited, "refused"), Reschedule(before.id, act.now))
    judged = judge(act, edited, content)
    if not judged.messages:
        return cancel(act, before, "undone")
    after = judged.messages[0]
    if before.hold is Hold.LATER:
        return _planned_anew(act, judged, before, after)
    return _held_anew(act, judged, before, after)


def _held_anew(act: Act, judged: Decision, before: Message, after: Message) -> Decision:
    asked = before.hold in HELD_FOR_A_PERSON
    if asked and after.hold in HELD_FOR_A_PERSON:
        return _ask_again(act, judged, after)
    if asked:
        return also(judged, DisarmTimer(HELD_TIMER, before.id), *answered(act, wording.decided("Changed", act.actor)))
    if before.hold is Hold.QUIET:
        return _night_anew(act, judged, before, after)
    if any(isinstance(effect, SendText) for effect in judged.effects):
        return _keep_place(act, judged, replace(after, ticket=before.ticket))
    return also(judged, Reschedule(before.id, act.now))


def _planned_anew(act: Act, judged: Decision, before: Message, after: Message) -> Decision:
    """The note in the thread says the new time; what is not to be sent later any more leaves the timer behind."""
    if after.hold is not Hold.LATER:
        return also(judged, *disarming(before), *answered(act, wording.decided("Changed", act.actor)))
    said = next(effect.note for effect in judged.effects if isinstance(effect, PostNote))
    rest = tuple(effect for effect in judged.effects if not isinstance(effect, PostNote))
    return replace(judged, effects=(*rest, *(UpdateNote(post.ref, said) for post in act.state.notes)))


def _night_anew(act: Act, judged: Decision, before: Message, after: Message) -> Decision:
    """The thread was told already when it leaves; what no longer waits for the morning leaves the timer behind."""
    if after.hold is not Hold.QUIET:
        return also(judged, *disarming(before), *answered(act, wording.decided("Changed", act.actor)))
    return replace(judged, effects=tuple(effect for effect in judged.effects if not isinstance(effect, PostNote)))


def _ask_again(act: Act, judged: Decision, after: Message) -> Decision:
    """The question is already in the thread: it says the new reasons there. On its way yet, it is asked once more.

    Nobody decides then by words that are not the reply's any more; an answer to either is one to both.
    """
    if not act.state.notes:
        return judged
    question = wording.question(after.id, after.body, after.reasons)
    rest = tuple(effect for effect in judged.effects if not isinstance(effect, PostNote))
    return replace(judged, effects=(*rest, *(UpdateNote(post.ref, question) for post in act.state.notes)))


def _keep_place(act: Act, judged: Decision, after: Message) -> Decision:
    """The row that already waits carries the new words, so that replies stay in order."""
    rest = tuple(effect for effect in judged.effects if not isinstance(effect, SendText))
    moved = Reschedule(after.id, after.release_at or act.now)
    return replace(judged, messages=(after,), effects=(*rest, moved))


def _edited_late(act: Act, message: Message, body: str, event: ChatEdited) -> Decision:
    """Say that the contact still has the old text, and offer the new one as a correction."""
    late = act.record("edited_late", message.id)
    if not body or is_comment(event.content, act.policy.comment_markers) or parse(body) is not None:
        return Decision(effects=(*say(act, wording.EDITED_LATE, message.id), late))
    correction = Message(
        id=identify("correction", event.external_id),
        conversation=message.conversation,
        kind=MessageKind.REPLY,
        body="",
        status=MessageStatus.HELD,
        created_at=act.now,
        author=act.actor.key,
        via=message.via,
        posted_at=message.posted_at,
    )
    correction = with_body(correction, body)
    # judged at the place of what it corrects: whatever was said since then is named
    found = reasons_to_hold(act, replace(correction, origin=event.ref), event.content)
    more = found[1] if found is not None and found[0] is not Hold.CONFIRM else ()
    asked = hold(act, correction, Hold.CONFIRM, (wording.CORRECTION_REASON, *more))
    return also(asked, late)


def chat_deleted(state: State, event: ChatDeleted, policy: Policy, now: datetime) -> Decision:
    """Stop a held reply that was deleted, report a deletion that comes too late, replace a card that is gone."""
    card = next((thread for thread in state.threads if thread.root == event.ref), None)
    if card is not None:
        return replace_lost(state, card, line_of(state.conversation, policy), now=now)
    message = state.message
    if message is None or message.origin != event.ref or message.status is MessageStatus.CANCELLED:
        return NOTHING
    act = _act(state, _author_of(message), event, policy, now)
    if message.kind is MessageKind.COMMENT:
        return Decision(effects=(act.record("comment_deleted", message.id),))
    if message.status in _NOT_LEFT:
        return Decision(messages=(stopped(message),), effects=stopping(act, message, "deleted_in_time"))
    late: tuple[Effect, ...] = (*say(act, wording.DELETED_LATE, message.id), act.record("deleted_late", message.id))
    return Decision(effects=late)


def _author_of(message: Message) -> Person:
    return person_of(message.author or "")
