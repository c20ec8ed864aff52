"""Send later: a reply that is kept until its time, and gives way to what the contact writes before."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.cards import Note
from bridge.domain.content import Content, Text
from bridge.domain.conversations import State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import ArmTimer, DisarmTimer, Effect, PostNote, Record
from bridge.domain.identity import identify
from bridge.domain.messages import Hold, Message, MessageKind, MessageStatus, Purpose
from bridge.domain.policy import Policy
from bridge.rules import guard, merging_words, segments
from bridge.rules import later_words as words
from bridge.rules.act import Act, also, joined, nearest, plan_over
from bridge.rules.held_until import is_late, whose_time_has_come
from bridge.rules.holding import against, hold, reasons_to_hold, refused, with_body
from bridge.rules.markers import is_comment
from bridge.rules.marking import written
from bridge.rules.merged import home, route_number
from bridge.rules.permission import refusal
from bridge.rules.planned import is_about_planned, look_over
from bridge.rules.planning import APPOINTMENT, read_plan
from bridge.rules.renewing import dropped, renewed
from bridge.rules.reply_acts import disarming, let_go, stopped, time_of
from bridge.rules.series import LATER_TIMER, going_on, series_of


def plan(act: Act, draft: Message, argument: str, content: Content) -> Decision:
    """Keep a reply until the time its argument begins with; the guard is asked now, and again at that time.

    Where nobody may be texted it is refused at once.
    """
    if is_about_planned(argument):
        return look_over(act, argument)
    found = read_plan(act, argument)
    if isinstance(found, Note):
        return act.tell(found)
    message = replace(with_body(draft, found.words), purpose=Purpose.SCHEDULED, plan=found.plan)
    if not message.body and not message.media:
        return act.tell(words.HOW)
    if (refusal_now := refused(act, message)) is not None:
        return refusal_now
    held = reasons_to_hold(act, message, content)
    if is_comment((Text(message.body),), act.policy.comment_markers):
        held = Hold.GUARD, (words.REMARK_REASON,)
    if held is not None and held[0] is not Hold.CONFIRM:
        return _asked(hold(act, message, *held, "Send at that time"), found.at)
    kept = replace(message, status=MessageStatus.HELD, hold=Hold.LATER, reasons=(), release_at=found.at)
    thread = act.view()
    effects: tuple[Effect, ...] = (
        *((PostNote(thread.id, _note(act, kept), kept.id),) if thread is not None else ()),
        ArmTimer(LATER_TIMER, kept.id, found.at),
        act.record("planned", kept.id, found.at.isoformat()),
    )
    return written(kept, *effects)


def _asked(held: Decision, at: datetime) -> Decision:
    """Once a person lets it go, it leaves at its time."""
    return replace(held, messages=tuple(replace(message, release_at=at) for message in held.messages))


def _note(act: Act, message: Message) -> Note:
    when = time_of(act, message)
    if message.origin is not None and not (message.plan or "").startswith(APPOINTMENT):
        return words.planned(message.id, when, message.plan)
    return words.planned_for(message.id, when, message.body, act.actor, message.plan)


def later_action(act: Act) -> Decision:
    """Keep a reply that was not written in the thread."""
    conversation, said = act.state.conversation, segments.gsm_friendly(act.argument)
    if conversation is None:
        return NOTHING
    draft = Message(
        id=identify("later", act.cause),
        conversation=conversation.number,
        kind=MessageKind.REPLY,
        body="",
        status=MessageStatus.HELD,
        created_at=act.now,
        author=act.actor.key,
        via=route_number(act.state),
    )
    decision = plan(act, draft, said, (Text(said),))
    return replace(decision, effects=(*decision.effects, *_told(act, decision)))


def _told(act: Act, decision: Decision) -> tuple[Effect, ...]:
    if decision.messages and (why := against(act)) is not None:
        return act.told(Note(f"Not sent. {why[1]}"))
    kept = next((message for message in decision.messages if message.hold is Hold.LATER), None)
    if kept is None:
        return ()
    return act.told(replace(words.planned(kept.id, time_of(act, kept), kept.plan), buttons=()))


def later_due(state: State, policy: Policy, now: datetime) -> Decision:
    """Let it go when its time has come, unless its writer may no longer text or the guard wants a person."""
    found = whose_time_has_come(state, Hold.LATER, policy, now)
    if found is None:
        return NOTHING
    act, message = found
    if isinstance(true := renewed(state, message, policy, now), str):
        return dropped(state, message, true)
    why = _against(act, message)
    if why:
        return also(hold(act, message, Hold.GUARD, why), *plan_over(state, message.id, words.ASKED))
    left = let_go(act, message, "sent_later")
    # nobody is told again and again that their contact may not be texted
    decision = left if against(act) is not None else going_on(act, message, left)
    return joined(decision, *_giving_way(act, message))


def _giving_way(act: Act, message: Message) -> list[Decision]:
    """Stop those of the same series that are still held: the contact gets one of them, not each."""
    earlier = (one for one in series_of(act.state, message) if one.status is MessageStatus.HELD)
    return [_skipped(act, one) for one in earlier if one.hold is not Hold.LATER]


def _skipped(act: Act, message: Message) -> Decision:
    thread, note = nearest(act.state.threads, message.origin.room if message.origin else None), words.skipped(message)
    told = plan_over(act.state, message.id, note) or (() if thread is None else (PostNote(thread.id, note),))
    return written(stopped(message), *told, *disarming(message), act.record("skipped", message.id))


def _against(act: Act, message: Message) -> tuple[str, ...]:
    """Why it may not leave now. What a person has decided about is not asked again."""
    if refusal(act.actor, act.line, act.policy) is not None:
        return (words.NO_LONGER,)
    if (goal := home(act.state)) is not None:
        return (merging_words.goes_on_reason(goal.conversation.number),)
    if is_late(message, act.now):
        return (words.LATE_REASON,)
    if message.reasons:
        return ()
    checks = act.line.guard if act.line is not None else None
    return tuple(guard.reasons((Text(message.body),), act.policy.comment_markers, checks))


def outrun(state: State) -> Decision:
    """Stop what was to be sent later once: the contact wrote before, so it may no longer fit."""
    fits = (message for message in state.pending if message.hold is Hold.LATER and message.plan is None)
    return joined(NOTHING, *(_outrun(state, message) for message in fits))


def _outrun(state: State, message: Message) -> Decision:
    thread = nearest(state.threads, message.origin.room if message.origin else None)
    note = words.outrun(message.id, words.shortened(message.body))
    effects: tuple[Effect, ...] = (
        *((PostNote(thread.id, note, message.id),) if thread is not None else ()),
        *plan_over(state, message.id, words.GAVE_WAY),
        DisarmTimer(LATER_TIMER, message.id),
        Record("outrun", "contact", "provider", message.id),
    )
    return written(stopped(message), *effects)
