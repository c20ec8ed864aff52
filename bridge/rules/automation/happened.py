"""What happened to a conversation by an event, in the words that rules are written with."""

from bridge.domain.automation import Trigger
from bridge.domain.conversations import Conversation, ConversationStatus, State
from bridge.domain.decision import Decision
from bridge.domain.events import DeliveryReported, Event, SendSettled, TextReceived, TimerFired
from bridge.domain.messages import Message, MessageKind, MessageStatus

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


def triggers_of(before: State, event: Event, decision: Decision) -> frozenset[Trigger]:
    """Return what a decision brought about."""
    conversation = decision.conversation or before.conversation
    if conversation is None or conversation.blocked or conversation.merged is not None:
        return frozenset()
    return frozenset((*_of_text(event, conversation, decision), *_of_change(before, conversation, decision)))


def _of_text(event: Event, conversation: Conversation, decision: Decision) -> tuple[Trigger, ...]:
    """A text that leaves a closed conversation closed, as bare thanks do, asks for nothing."""
    is_text = isinstance(event, TextReceived) and bool(decision.messages)
    open_now = conversation.status is ConversationStatus.OPEN
    return ("message_received",) if is_text and open_now else ()


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
