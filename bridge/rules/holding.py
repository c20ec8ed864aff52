"""How a reply leaves: at once, after its undo window, when a person decides, or never."""

from dataclasses import replace

from bridge.domain.cards import Note
from bridge.domain.content import Content
from bridge.domain.decision import Decision
from bridge.domain.effects import ArmTimer, Effect, PostNote, SendText
from bridge.domain.messages import Hold, Message, MessageKind, MessageStatus
from bridge.rules import guard, merging_words, segments, wording
from bridge.rules.act import Act, also, reopened
from bridge.rules.delivery import refuse
from bridge.rules.first_texts import as_sent
from bridge.rules.marking import written
from bridge.rules.merged import home, home_thread, reply_route
from bridge.rules.ownership import responded
from bridge.rules.quiet import held_until, hold_for_night
from bridge.rules.reply_acts import HELD_TIMER
from bridge.rules.sending import forbidden
from bridge.rules.stale import unseen
from bridge.rules.waiting import ask_first


def with_body(draft: Message, body: str) -> Message:
    """Return the reply with other words, counted anew."""
    return replace(draft, body=body, segments=segments.count(body).number)


def keep_as_comment(act: Act, draft: Message, verb: str) -> Decision:
    """Keep a teammate's words inside."""
    message = replace(draft, kind=MessageKind.COMMENT, status=MessageStatus.KEPT, hold=None, segments=0)
    return written(message, act.record(verb, message.id))


def reasons_to_hold(act: Act, draft: Message, content: Content) -> tuple[Hold, tuple[str, ...]] | None:
    """Return why a person must decide about this reply, None when it may leave."""
    if (goal := home(act.state)) is not None:
        return Hold.STALE, (merging_words.goes_on_reason(goal.conversation.number),)
    if found := guard.reasons(content, act.policy.comment_markers, act.line.guard if act.line is not None else None):
        return Hold.GUARD, found
    # where nobody may be texted it is refused at once: there is nothing to decide
    return _asked_about(act, draft) if against(act) is None else None


def _asked_about(act: Act, draft: Message) -> tuple[Hold, tuple[str, ...]] | None:
    size = segments.count(as_sent(act.state, draft, act.policy.consent).body)
    if act.line is not None and size.number > act.line.max_segments:
        return Hold.LENGTH, (wording.too_long(size.number, act.line.max_segments, size.encoding),)
    if missed := unseen(act, draft):
        return Hold.STALE, missed
    if act.line is not None and act.line.reply_mode == "confirm":
        return Hold.CONFIRM, (wording.CONFIRM_REASON,)
    return None


def against(act: Act) -> tuple[str, str] | None:
    """Return code and reason why nobody may be texted in this conversation now, None when they may."""
    route = reply_route(act.state)
    return forbidden(
        act.state.conversation if route is None else route.conversation, act.state.conversation, act.policy
    )


def refused(act: Act, draft: Message) -> Decision | None:
    """Return the refusal of a reply where nobody may be texted, None where they may."""
    why = against(act)
    if why is None:
        return None
    return refuse(act.state, replace(draft, hold=None, release_at=None), *why, act.now, again=False)


def release(act: Act, draft: Message) -> Decision:
    """Let a reply leave, after the line's undo window if it has one; refuse it at once where nobody may be texted."""
    if (refusal := refused(act, draft)) is not None:
        return refusal
    if (asking := ask_first(act.state, draft, act.policy, act.now)) is not None:
        return responded(act, also(asking, act.record("replied", draft.id)), draft)
    if (until := held_until(act.state, draft, act.policy, act.now)) is not None:
        held = also(hold_for_night(act.state, draft, until, act.policy, act.now), act.record("replied", draft.id))
        return responded(act, reopened(act.state, held), draft)
    ticket = draft.ticket + 1
    undo = act.line.undo if act.line is not None else None
    if not undo:
        message = replace(draft, status=MessageStatus.QUEUED, hold=None, release_at=None, ticket=ticket)
        sent = written(message, SendText(message.id, ticket), act.record("replied", message.id))
        return responded(act, reopened(act.state, sent), message)
    release_at = act.now + undo
    message = replace(
        draft, status=MessageStatus.HELD, hold=Hold.UNDO, reasons=(), release_at=release_at, ticket=ticket
    )
    effects: tuple[Effect, ...] = (
        act.private(wording.undo_offer(message.id, message.body, undo)),
        SendText(message.id, ticket, release_at),
        act.record("replied", message.id),
    )
    return responded(act, reopened(act.state, written(message, *effects)), message)


def _question(message: Message, send: str) -> Note:
    if message.hold is Hold.STALE:
        return wording.stale_question(message.id, message.body, message.reasons)
    if wording.CORRECTION_REASON in message.reasons:
        return wording.correction_question(message.id, message.body, message.reasons)
    return wording.question(message.id, message.body, message.reasons, send)


def hold(act: Act, draft: Message, why: Hold, reasons: tuple[str, ...], send: str = "Send") -> Decision:
    """Ask the thread what to do with a reply, and remind it once if nobody decides."""
    message = replace(draft, status=MessageStatus.HELD, hold=why, reasons=reasons, release_at=None)
    thread = act.view()
    effects: list[Effect] = []
    if thread is not None:
        goal = home_thread(act.state, thread.platform)
        question = _question(message, send)
        effects.append(PostNote(thread.id, question, message.id, link=goal.id if goal else None))
    effects.append(ArmTimer(HELD_TIMER, message.id, act.now + act.policy.held_reminder))
    effects += act.cards()
    effects.append(act.record("held", message.id, "; ".join(reasons)))
    return written(message, *effects)
