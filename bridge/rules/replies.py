"""What a teammate wrote in a thread: a comment, a command, or a reply and how it leaves."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.cards import Note
from bridge.domain.content import Content, Text
from bridge.domain.conversations import State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import SendText
from bridge.domain.events import ChatPosted
from bridge.domain.identity import identify
from bridge.domain.keeping import CountUse
from bridge.domain.messages import Hold, Message, MessageKind, MessageStatus
from bridge.domain.policy import Policy
from bridge.rules import canned, commands, later, later_words, mentions, owning_words, segments, wording
from bridge.rules.act import Act, also
from bridge.rules.actions import ACTIONS, REACTIONS, run_command
from bridge.rules.addresses import masked
from bridge.rules.canned_wording import listed
from bridge.rules.holding import hold, keep_as_comment, reasons_to_hold, refused, release, with_body
from bridge.rules.markers import is_comment
from bridge.rules.marking import shown_as_kept, written
from bridge.rules.merged import reply_route, route_number
from bridge.rules.permission import not_allowed, refusal
from bridge.rules.plain import to_text
from bridge.rules.reply_acts import stopped
from bridge.rules.threads import line_of


def chat_posted(state: State, event: ChatPosted, policy: Policy, now: datetime) -> Decision:
    """Decide a post in one of our threads; everything else in a room is none of our business."""
    conversation = state.conversation
    if event.thread is None or conversation is None or state.post is not None or event.author.bot:
        return NOTHING
    act = Act(
        state=state,
        actor=event.author,
        surface="thread",
        room=event.ref.room,
        thread=event.thread,
        line=line_of(conversation, policy),
        policy=policy,
        now=now,
        cause=event.external_id,
    )
    draft = _draft(event, conversation.number, route_number(state), now)
    refused = refusal(event.author, act.line, policy) or _refused_by_route(act)
    if refused is not None:
        return _refused(act, draft, event.content, refused)
    if event.untextable:
        return _untextable(act, draft, event)
    decision = judge(act, draft, event.content)
    if event.aside:
        decision = _confirmed(act, decision)
    planned = any(message.hold is Hold.LATER for message in decision.messages)
    if not planned and not any(isinstance(effect, SendText) for effect in decision.effects):
        return decision
    return _doubted(act, decision.messages[0], event) or decision


def _untextable(act: Act, draft: Message, event: ChatPosted) -> Decision:
    """Keep what no text can carry, and say so to whoever may have meant it for the contact."""
    kept = keep_as_comment(act, draft, "commented")
    if is_comment(event.content, act.policy.comment_markers):
        return kept
    return also(kept, act.private(wording.untextable(event.untextable)))


def _confirmed(act: Act, decision: Decision) -> Decision:
    """Say whom a reply goes to that was written outside the thread, where its writer may not see what becomes of it."""
    route = reply_route(act.state)
    contact = act.state.contact if route is None else route.contact
    if contact is None or not any(isinstance(effect, SendText) for effect in decision.effects):
        return decision
    return also(decision, act.private(wording.sent_aside(contact.name or masked(contact.address))))


def _refused(act: Act, draft: Message, content: Content, why: Note) -> Decision:
    """Keep the words of somebody who may not text; a comment needs no answer, and a command is told who may do it."""
    if is_comment(content, act.policy.comment_markers):
        return keep_as_comment(act, draft, "commented")
    if mentions.summons(content, act.actor.platform, act.policy) is None and commands.parse(draft.body) is None:
        return also(keep_as_comment(act, draft, "refused"), act.private(why))
    return also(keep_as_comment(act, draft, "refused"), act.private(not_allowed(why)))


def _refused_by_route(act: Act) -> Note | None:
    """Return why somebody may not text from the line of a merged conversation that replies go by."""
    route = reply_route(act.state)
    return None if route is None else refusal(act.actor, line_of(route.conversation, act.policy), act.policy)


def _doubted(act: Act, message: Message, event: ChatPosted) -> Decision | None:
    """Return what becomes of a reply of which more is known than its words say, None when nothing speaks against it."""
    if event.recovered and any(REACTIONS.get(name) == wording.UNDO for name in event.reactions):
        return written(stopped(message), act.record("undone", message.id))
    if event.absent:
        return hold(act, message, Hold.GUARD, (wording.ABSENT_REASON,))
    if event.delayed:
        return hold(act, message, Hold.GUARD, (wording.DELAYED_REASON,))
    # After a restore the record is older than the thread: what carries a mark of ours may have been texted.
    return hold(act, message, Hold.GUARD, (wording.MARKED_REASON,)) if event.recovered and event.marked else None


def judge(act: Act, draft: Message, content: Content) -> Decision:
    """Decide what becomes of a teammate's words; ``draft`` holds them as the contact would read them."""
    summoned = mentions.summons(content, act.actor.platform, act.policy)
    if summoned is not None:
        return _summoned(act, draft, summoned)
    if act.line is None or is_comment(content, act.policy.comment_markers):
        return keep_as_comment(act, draft, "commented")
    command = commands.parse(draft.body)
    if command is not None:
        return _commanded(act, draft, content, command)
    if not draft.body and not draft.media:
        return NOTHING
    if act.line.reply_mode == "explicit":
        return also(keep_as_comment(act, draft, "commented"), act.private(wording.explicit_offer(draft.id)))
    held = reasons_to_hold(act, draft, content)
    return release(act, draft) if held is None else hold(act, draft, *held)


def _commanded(act: Act, draft: Message, content: Content, command: commands.Command | commands.Unknown) -> Decision:
    if isinstance(command, commands.Command) and command.name == "send":
        return _send_words(act, with_body(draft, command.argument), content)
    if isinstance(command, commands.Command) and command.name == canned.COMMAND:
        return send_canned(act, draft, command.argument)
    if isinstance(command, commands.Command) and command.name == later_words.LATER:
        return later.plan(act, draft, command.argument, content)
    if isinstance(command, commands.Command) and command.name == owning_words.COMMENT and command.argument:
        return keep_as_comment(act, with_body(draft, command.argument), "commented")
    if isinstance(command, commands.Unknown) and draft.origin is not None:
        return shown_as_kept(draft.origin, draft.conversation, run_command(act, command))
    people, rooms = mentions.people(content, act.actor.platform), mentions.rooms(content, act.actor.platform)
    return run_command(replace(act, people=people, rooms=rooms), command)


def _summoned(act: Act, draft: Message, summoned: Content) -> Decision:
    """Do what somebody asked the bot for by mentioning it; what is no command is a comment, and help is given."""
    command = commands.parse("!" + to_text(summoned))
    if isinstance(command, commands.Command) and command.name in ACTIONS:
        people, rooms = mentions.people(summoned, act.actor.platform), mentions.rooms(summoned, act.actor.platform)
        return run_command(replace(act, surface="mention", people=people, rooms=rooms), command)
    if isinstance(command, commands.Command) and command.name == canned.COMMAND:
        return send_canned(replace(act, surface="mention"), draft, command.argument)
    if isinstance(command, commands.Command) and command.name == later_words.LATER:
        words = segments.gsm_friendly(command.argument)
        return later.plan(replace(act, surface="mention"), draft, words, summoned)
    return also(keep_as_comment(act, draft, "commented"), act.private(wording.HELP))


def _send_words(act: Act, draft: Message, content: Content) -> Decision:
    """``!send`` needs no further word in any reply mode, but the guard and the undo window stand."""
    if not draft.body and not draft.media:
        return act.tell(wording.EMPTY_SEND)
    if is_comment((Text(draft.body),), act.policy.comment_markers):
        return hold(act, draft, Hold.GUARD, (wording.SENT_REMARK_REASON,))
    held = reasons_to_hold(act, draft, content)
    return release(act, draft) if held is None or held[0] is Hold.CONFIRM else hold(act, draft, *held)


def send_canned(act: Act, draft: Message, argument: str) -> Decision:
    """Send a canned response in the place of the words that ask for it; without a name, list what there is."""
    if not argument:
        return act.tell(listed(canned.available(act.policy, act.state.canned, canned.team_of(act))))
    filled = canned.fill(act, argument)
    return act.tell(filled) if isinstance(filled, Note) else send_filled(act, draft, filled)


def send_filled(act: Act, draft: Message, filled: canned.Filled) -> Decision:
    """Send a filled-in response; it needs no further word in any reply mode, as with ``!send``."""
    message = replace(
        with_body(draft, segments.gsm_friendly(filled.words)), media=(*draft.media, *filled.response.files)
    )
    if (refusal_now := refused(act, message)) is not None:
        return refusal_now  # nothing was used or sent
    held = _filled_held(act, message)
    sent = held is None
    decision = release(act, message) if held is None else hold(act, message, *held)
    response = filled.response
    record = act.record("canned_sent" if sent else "canned_held", message.id, response.title)
    return also(decision, record, CountUse(response.name, response.team))


def _filled_held(act: Act, message: Message) -> tuple[Hold, tuple[str, ...]] | None:
    content = (Text(message.body),)
    held = reasons_to_hold(act, message, content)
    if is_comment(content, act.policy.comment_markers) or commands.parse(message.body) is not None:
        return Hold.GUARD, (wording.ODD_OPENING, *(held[1] if held is not None and held[0] is Hold.GUARD else ()))
    return None if held is None or held[0] is Hold.CONFIRM else held


def held_if_sent(act: Act, draft: Message, words: str) -> tuple[str, ...]:
    """Return why a filled-in response would be held, empty when it would leave."""
    held = _filled_held(act, with_body(draft, segments.gsm_friendly(words)))
    return () if held is None else held[1]


def draft_body(content: Content) -> str:
    """Return a teammate's words as the contact would read them."""
    return segments.gsm_friendly(to_text(content))


def _draft(event: ChatPosted, conversation: int, via: int | None, now: datetime) -> Message:
    draft = Message(
        id=identify("reply", event.ref.platform, event.ref.room, event.ref.id),
        conversation=conversation,
        kind=MessageKind.REPLY,
        body="",
        status=MessageStatus.HELD,
        created_at=now,
        author=event.author.key,
        origin=event.ref,
        media=event.files,
        recovered=event.recovered,
        via=via,
        posted_at=event.posted_at,
    )
    return with_body(draft, draft_body(event.content))
