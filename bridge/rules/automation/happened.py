"""What happened to a conversation by an event, in the words that rules are written with."""

from dataclasses import dataclass
from datetime import datetime

from bridge.domain.assistant import AssistantAnswered
from bridge.domain.automation import Trigger
from bridge.domain.conversations import Conversation, ConversationStatus, State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.events import DeliveryReported, Event, SendSettled, TextReceived, TimerFired
from bridge.domain.messages import Message, MessageKind, MessageStatus
from bridge.domain.policy import Policy
from bridge.rules.assisting import Sorted, read_category

RULE_TIMER = "rule"

_BY_PEOPLE: tuple[Trigger, ...] = (
    "conversation_opened",
    "conversation_closed",
    "conversation_reopened",
    "assigned",
    "labelled",
)


def possible(event: Event) -> tuple[Trigger, ...]:
    """Return what an event of this kind may bring about."""
    match event:
        case TextReceived():
            return ("message_received", "conversation_opened", "conversation_reopened")
        case TimerFired():
            return ("no_reply",) if event.kind == RULE_TIMER else _BY_PEOPLE
        case AssistantAnswered():
            return ("categorized", *_BY_PEOPLE)
        case SendSettled() | DeliveryReported():
            return ("delivery_failed",)
        case _:
            return _BY_PEOPLE


def after(state: State, decision: Decision) -> State:
    """Return the state as the decision leaves it, about the same conversation or the one it began."""
    conversation = decision.conversation or state.conversation
    if conversation is None:
        return state
    is_new = state.conversation is None or state.conversation.number != conversation.number
    threads = {one.id: one for one in (*state.threads, *decision.threads) if one.conversation == conversation.number}
    return State(
        conversation=conversation,
        contact=decision.contact or state.contact,
        threads=tuple(threads.values()),
        pending=() if is_new else state.pending,
        joined=state.joined,
        chain=() if is_new else state.chain,
        away=state.away,
        facts=state.facts,
    )


@dataclass(frozen=True, slots=True)
class Written:
    """What a contact wrote. ``media``: whether it brings files; ``at``: when, None: now; ``id``: the message's."""

    body: str
    media: bool
    at: datetime | None = None
    id: str | None = None


def written(state: State, event: Event, decision: Decision = NOTHING) -> Written | None:
    """Return the text an event is about: the one that came, or the one the assistant has read; None for others."""
    if isinstance(event, TextReceived):
        return Written(event.body, bool(event.media), id=next((one.id for one in decision.messages), None))
    message = state.message if isinstance(event, AssistantAnswered) and event.task == "category" else None
    return None if message is None else Written(message.body, bool(message.media), message.created_at, message.id)


def triggers_of(before: State, event: Event, decision: Decision, policy: Policy) -> frozenset[Trigger]:
    """Return what a decision brought about."""
    conversation = decision.conversation or before.conversation
    if conversation is None or conversation.blocked or conversation.merged is not None:
        return frozenset()
    told = _of_text(event, conversation, decision), _of_answer(event, conversation, policy)
    return frozenset((*told[0], *told[1], *_of_change(before, conversation, decision)))


def _of_text(event: Event, conversation: Conversation, decision: Decision) -> tuple[Trigger, ...]:
    """A text that leaves a closed conversation closed, as bare thanks do, asks for nothing."""
    is_text = isinstance(event, TextReceived) and bool(decision.messages)
    open_now = conversation.status is ConversationStatus.OPEN
    return ("message_received",) if is_text and open_now else ()


def category_of(event: Event, policy: Policy) -> Sorted | None:
    """Return what the assistant says a text is about, None for any other event and any other answer."""
    if policy.assistant is None or not isinstance(event, AssistantAnswered) or event.task != "category":
        return None
    return read_category(event.answer, policy.assistant)


def _of_answer(event: Event, conversation: Conversation, policy: Policy) -> tuple[Trigger, ...]:
    """What was closed before the answer came asks for nothing."""
    closed = conversation.status is ConversationStatus.CLOSED
    return () if closed or category_of(event, policy) is None else ("categorized",)


def _of_change(before: State, now: Conversation, decision: Decision) -> tuple[Trigger, ...]:
    found: list[Trigger] = []
    if decision.conversation is not None:
        earlier = before.conversation
        if earlier is None or earlier.number != now.number:
            return ("conversation_opened",)
        found += _of_status(earlier, now)
        if now.assignee is not None and now.assignee != earlier.assignee:
            found.append("assigned")
        if set(now.labels) - set(earlier.labels):
            found.append("labelled")
    if any(_has_failed(before.message, message) for message in decision.messages):
        found.append("delivery_failed")
    return tuple(found)


def _of_status(earlier: Conversation, now: Conversation) -> tuple[Trigger, ...]:
    closed = ConversationStatus.CLOSED
    if now.status is closed and earlier.status is not closed:
        return ("conversation_closed",)
    return ("conversation_reopened",) if earlier.status is closed and now.status is not closed else ()


def _has_failed(before: Message | None, message: Message) -> bool:
    failed = message.kind is MessageKind.REPLY and message.status is MessageStatus.FAILED
    return failed and (before is None or before.status is not MessageStatus.FAILED)
