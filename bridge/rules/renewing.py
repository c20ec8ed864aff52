"""A text that was held: whether it still says what is true, and an automatic one in which words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bridge.domain.automation import SURFACE, Answer, Rule
from bridge.domain.conditions import All, AnyOf, Condition, During, NoneOf
from bridge.domain.content import Text
from bridge.domain.conversations import Conversation, State
from bridge.domain.decision import Decision
from bridge.domain.effects import PostNote, Record
from bridge.domain.messages import Message, MessageStatus, Purpose
from bridge.domain.people import Person
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules import canned, guard, segments, templates
from bridge.rules import renewing_words as say
from bridge.rules.act import Act, nearest, plan_over
from bridge.rules.hours import is_open
from bridge.rules.marking import written
from bridge.rules.planning import is_past
from bridge.rules.quiet import texted
from bridge.rules.threads import line_of


def renewed(state: State, message: Message, policy: Policy, now: datetime) -> Message | str:
    """Return a held text as it may leave now, or why it may not; what a person wrote stays as it is."""
    if is_past(message.plan, now):
        return say.APPOINTMENT
    conversation, (to, _) = state.conversation, texted(state, message)
    if message.purpose is Purpose.REQUEST and to is not None and not to.consent.asking:
        return say.AGREED
    if message.purpose is not Purpose.AUTOMATIC or conversation is None:
        return message
    return _anew(state, conversation, message, policy, now)


def _anew(state: State, conversation: Conversation, message: Message, policy: Policy, now: datetime) -> Message | str:
    if (why := _passed_by(conversation, message)) is not None:
        return why
    rule = next((one for one in policy.automation.rules if one.actor == message.automatic), None)
    template = _template(rule, state, message, policy) if rule is not None else None
    if rule is None or template is None:
        return say.NO_RULE
    line = line_of(conversation, policy)
    if _asks_hours(rule.condition) and _open(line, message.created_at) is not _open(line, now):
        return say.OTHER_HOURS
    body = _words(rule, template, state, policy, now)
    if (why := objection(body, line, policy.comment_markers)) is not None:
        return why
    return replace(message, body=body, segments=segments.count(body).number)


def dropped(state: State, message: Message, why: str) -> Decision:
    """Stop a held text, and say so where the thread was told that it would leave."""
    thread = nearest(state.threads, message.origin.room if message.origin else None)
    note = say.not_sent(message, why)
    told = plan_over(state, message.id, note) or (() if thread is None else (PostNote(thread.id, note),))
    stopped = replace(message, status=MessageStatus.CANCELLED, hold=None, release_at=None)
    return written(stopped, *told, Record("dropped", "bridge", "timer", message.id, why))


def objection(body: str, line: LinePolicy | None, markers: Sequence[str]) -> str | None:
    """Return what the guard, or the line's limit, has against the words of a rule."""
    if not body:
        return "it would say nothing"
    if found := guard.reasons((Text(body),), tuple(markers), line.guard if line else None):
        return "; ".join(found)
    size = segments.count(body).number
    most = line.max_segments if line else size
    return f"it would take {size} segments, and {most} are the most here" if size > most else None


def _passed_by(conversation: Conversation, message: Message) -> str | None:
    """Why what it was written for is over."""
    left, closed = conversation.last_outbound_at, conversation.closed_at
    if conversation.answer_held_until is not None or (left is not None and left > message.created_at):
        return say.ANSWERED
    return say.CLOSED if closed is not None and closed > message.created_at else None


def _template(rule: Rule, state: State, message: Message, policy: Policy) -> str | None:
    """The template it was made from: the rule's only one, or the one that said so then."""
    found = [action.template for action in rule.actions if isinstance(action, Answer)]
    if len(found) == 1:
        return found[0]
    return next((one for one in found if _words(rule, one, state, policy, message.created_at) == message.body), None)


def _words(rule: Rule, template: str, state: State, policy: Policy, now: datetime) -> str:
    """The words a template has then, none if a value is missing."""
    act = Act(
        state=state,
        actor=Person(SURFACE, rule.name, bot=True),
        surface=SURFACE,
        room="",
        thread=None,
        line=line_of(state.conversation, policy),
        policy=policy,
        now=now,
    )
    try:
        return segments.gsm_friendly(templates.render(template, canned.known_values(act)).strip())
    except (templates.MissingValues, templates.TemplateRefused):
        return ""


def _asks_hours(condition: Condition) -> bool:
    if isinstance(condition, All | AnyOf | NoneOf):
        return any(map(_asks_hours, condition.of))
    return isinstance(condition, During)


def _open(line: LinePolicy | None, at: datetime) -> bool:
    return line is None or line.hours is None or is_open(line.hours, at)
