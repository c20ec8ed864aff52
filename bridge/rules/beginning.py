"""Beginning a conversation from our side: ``/sms new +1 555 010 0200 text``, or a form."""

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

import phonenumbers

from bridge.domain.cards import Field, Form, Note
from bridge.domain.content import Text
from bridge.domain.conversations import Conversation, ConversationStatus, State
from bridge.domain.decision import Decision
from bridge.domain.effects import OpenForm, OpenThread, PostNote
from bridge.domain.events import CommandGiven, Event, FormSubmitted
from bridge.domain.identity import identify
from bridge.domain.messages import Hold, Message, MessageKind, MessageStatus, Purpose
from bridge.domain.people import Contact, RoomRef
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules import beginning_wording as say
from bridge.rules import segments
from bridge.rules.act import Act
from bridge.rules.addresses import can_be_texted, normalise
from bridge.rules.consent import inherited, why_out
from bridge.rules.first_texts import agreed, to_ask, with_opt_out_line
from bridge.rules.holding import hold, reasons_to_hold, release
from bridge.rules.markers import is_comment
from bridge.rules.permission import refusal
from bridge.rules.threads import ensure_threads
from bridge.rules.wording import MAY_NOT_ACT

COMMAND = FORM = "new"
LINE, NUMBER, TEXT, ROOM = "line", "number", "text", "room"
_MOST_WORDS = 6
_WORDS = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The line to text from, the address to text to in its one form, and the words."""

    line: LinePolicy
    address: str
    words: str


def begun_by(event: Event) -> bool:
    """Tell whether an event asks for a new conversation."""
    match event:
        case CommandGiven():
            return event.number is None and event.words.partition(" ")[0].casefold() == COMMAND
        case FormSubmitted():
            return event.form == FORM
        case _:
            return False


def wanted(event: CommandGiven | FormSubmitted, policy: Policy) -> Wanted | Note:
    """Return what an event asks for, or what to tell who asks."""
    lines = _lines_of(event, policy)
    if not lines:
        return say.NO_LINE
    if isinstance(event, FormSubmitted):
        values = dict(event.values)
        return _checked(_named(lines, values.get(LINE, "")), values.get(NUMBER, ""), values.get(TEXT, ""))
    argument = event.words.partition(" ")[2].strip()
    first, _, rest = argument.partition(" ")
    line = next((line for line in lines if line.name == first), None)
    if line is None and len(lines) > 1:
        return say.which_line([line.name for line in lines])
    number, words = _split(argument if line is None else rest.strip(), _region(line or lines[0]))
    return _checked(line or lines[0], number, words)


def begin(state: State, event: CommandGiven | FormSubmitted, act: Act) -> Decision:
    """Open a thread and text the contact, unless they opted out or there is an open conversation with them."""
    if isinstance(event, CommandGiven) and not event.words.partition(" ")[2].strip() and event.trigger:
        return _ask(event, act)
    asked = wanted(event, act.policy)
    if isinstance(asked, Wanted) and is_comment((Text(asked.words),), act.policy.comment_markers):
        asked = say.LIKE_A_COMMENT
    if isinstance(asked, Note):
        return act.tell(asked)
    known = state.conversation
    if known is not None and (state.via is not None or known.joined):
        root = next((thread.root for thread in state.threads if thread.root is not None), None)
        return Decision(effects=(replace(act.private(say.is_merged(known.number)), link=root),))
    if known is not None and (known.opted_out or known.blocked):
        return act.tell(say.blocked(known.number) if known.blocked else _is_out(known, act))
    if known is not None:
        root = next((thread.root for thread in state.threads if thread.root is not None), None)
        told = act.private(say.is_open(known.number))
        return Decision(effects=(replace(told, link=root),))
    return _opened(state, asked, act)


def _is_out(known: Conversation, act: Act) -> Note:
    return say.OPTED_OUT if known.consent.noted_by is None else Note(f"Nothing sent. {why_out(known, act.policy)}")


def may_begin(state: State) -> bool:
    """Tell whether the latest conversation with a contact leaves room for a new one."""
    known = state.conversation
    if known is None:
        return True
    free = not known.opted_out and not known.blocked and not known.joined
    return free and known.status is ConversationStatus.CLOSED and state.via is None


def _opened(state: State, asked: Wanted, act: Act) -> Decision:
    if state.fresh_number is None:
        raise ValueError("a new conversation needs a number")
    contact = state.contact or Contact(id=identify("contact", asked.address), address=asked.address)
    conversation = Conversation(
        number=state.fresh_number,
        line=asked.line.name,
        contact=contact.id,
        status=ConversationStatus.OPEN,
        created_at=act.now,
    )
    conversation = inherited(state, contact, conversation, state.earlier)
    if conversation.opted_out:
        return act.tell(_is_out(conversation, act))
    before = act.policy.consent.before_first_text
    unsure = before != "send" and not agreed(state, conversation)
    if unsure and before == "refuse":
        return act.tell(say.NOT_AGREED)
    conversation = to_ask(conversation) if unsure else conversation
    conversation, words = with_opt_out_line(conversation, asked.words, act.policy.consent)
    _, fresh = ensure_threads(state, conversation, asked.line, act.cause, act.now)
    body = segments.gsm_friendly(words)
    message = Message(
        id=identify("new", act.cause),
        conversation=conversation.number,
        kind=MessageKind.REPLY,
        body=body,
        status=MessageStatus.HELD,
        created_at=act.now,
        author=act.actor.key,
        segments=segments.count(body).number,
        purpose=Purpose.PROACTIVE,
    )
    inside = replace(
        act, state=State(conversation=conversation, contact=contact, threads=fresh), line=asked.line, thread=None
    )
    held = reasons_to_hold(inside, message, (Text(body),))
    sent = held is None or held[0] is Hold.CONFIRM
    decision = release(inside, message) if held is None or held[0] is Hold.CONFIRM else hold(inside, message, *held)
    shown = [PostNote(one.id, say.first(body, act.actor), message.id if sent else None) for one in fresh]
    return replace(
        decision,
        conversation=decision.conversation or conversation,
        contact=contact,
        threads=fresh,
        effects=(
            *(OpenThread(one.id) for one in fresh),
            *shown,
            *decision.effects,
            act.record("started", message.id, conversation.line),
            act.private(say.started(conversation.number)),
        ),
    )


def _ask(event: CommandGiven, act: Act) -> Decision:
    lines = _lines_of(event, act.policy)
    if not lines:
        return act.tell(say.NO_LINE)
    names = tuple((line.name, f"{line.name} ({line.address})") for line in lines)
    which = (Field(name=LINE, label="Line", kind="choice", options=names, initial=names[0][0]),)
    fields = (
        *(which if len(names) > 1 else ()),
        Field(name=NUMBER, label="Number", kind="text", limit=40, hint="With its country code: +1 555 010 0200"),
        Field(name=TEXT, label="Text", kind="text", limit=1600),
    )
    context = json.dumps({ROOM: event.room}, separators=(",", ":"))
    form = Form(name=FORM, title="New conversation", submit="Send", fields=fields, context=context)
    return Decision(effects=(OpenForm(act.actor, act.trigger, form),))


def room_of(event: CommandGiven | FormSubmitted) -> str:
    """Return the room a conversation was asked for in."""
    if isinstance(event, CommandGiven):
        return event.room
    try:
        found = json.loads(event.context)
    except ValueError:
        return ""
    return str(cast("dict[str, Any]", found).get(ROOM, "")) if isinstance(found, dict) else ""


def _lines_of(event: CommandGiven | FormSubmitted, policy: Policy) -> list[LinePolicy]:
    here = RoomRef(event.platform, room_of(event))
    return [line for line in policy.lines.values() if here in line.rooms]


def _named(lines: list[LinePolicy], name: str) -> LinePolicy:
    return next((line for line in lines if line.name == name), lines[0])


def _checked(line: LinePolicy, number: str, words: str) -> Wanted | Note:
    if not number:
        return say.HOW
    try:
        address = normalise(number, _region(line))
    except ValueError as problem:
        return say.refused(str(problem))
    if not can_be_texted(address):
        return say.refused("This is not a full phone number. Write it like +1 555 000 1000.")
    if address == line.address:
        return say.refused("This is the line's own number.")
    return Wanted(line, address, words.strip()) if words.strip() else say.NO_WORDS


def _split(argument: str, region: str | None) -> tuple[str, str]:
    """Return (number, words): a number in international form may be written with blanks."""
    ends = [found.end() for found in _WORDS.finditer(argument)]
    if argument.startswith("+"):
        for end in ends[:_MOST_WORDS]:
            try:
                normalise(argument[:end], region)
            except ValueError:
                continue
            return argument[:end], argument[end:]
    return (argument[: ends[0]], argument[ends[0] :]) if ends else ("", "")


def _region(line: LinePolicy) -> str | None:
    """Return the country of the line, whose national notation is understood."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(line.address))
    except phonenumbers.NumberParseException:
        return None


def conversation_begun(state: State, event: CommandGiven | FormSubmitted, policy: Policy, now: datetime) -> Decision:
    """Decide ``/sms new`` and its form; the state must be that of the line with the address asked for."""
    asked = wanted(event, policy)
    line = asked.line if isinstance(asked, Wanted) else next(iter(_lines_of(event, policy)), None)
    act = Act(
        state=state,
        actor=event.author,
        surface="command" if isinstance(event, CommandGiven) else "form",
        room=room_of(event),
        thread=None,
        line=line,
        policy=policy,
        now=now,
        handle=event.handle if isinstance(event, CommandGiven) else "",
        cause=event.external_id,
        trigger=event.trigger,
    )
    refused = refusal(event.author, line, policy) if line is not None else None
    return begin(state, event, act) if refused is None else act.tell(replace(refused, text=MAY_NOT_ACT))
