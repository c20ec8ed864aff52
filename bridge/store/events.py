"""From an event to the conversation it is about."""

from sqlalchemy import Connection

from bridge.domain.conversations import State
from bridge.domain.events import (
    ButtonPressed,
    ChatDeleted,
    ChatEdited,
    ChatPosted,
    CommandGiven,
    DeliveryReported,
    Event,
    MediaSettled,
    PostSettled,
    ReactionChanged,
    RoomChanged,
    SendSettled,
    TextReceived,
    TimerFired,
)
from bridge.domain.messages import Message
from bridge.domain.people import ChatRef
from bridge.store import loading


def load(connection: Connection, event: Event) -> State:
    """All that deciding an event needs; empty for one that names no conversation we know."""
    match event:
        case TextReceived():
            state = _about(connection, loading.message_by_provider(connection, event.account, event.provider_id))
        case DeliveryReported():
            state = _about(connection, _reported(connection, event))
        case ChatPosted() | ChatEdited() | ChatDeleted():
            state = _at_post(connection, event.ref, event.thread)
        case ReactionChanged():
            state = _at_post(connection, event.ref, None)
        case ButtonPressed():
            state = _at_post(connection, event.ref, event.thread, event.value)
        case SendSettled() | MediaSettled():
            state = _about(connection, loading.message_by_id(connection, event.message))
        case PostSettled():
            message = loading.message_by_id(connection, event.message) if event.message else None
            state = loading.state(connection, event.conversation, message=message, thread=event.thread)
        case TimerFired():
            message = loading.message_by_id(connection, event.subject)
            state = loading.state(connection, event.conversation, message=message)
        case CommandGiven() | RoomChanged():
            state = State()
    return state


def _reported(connection: Connection, event: DeliveryReported) -> Message | None:
    found = loading.message_by_key(connection, event.key) if event.key else None
    return found or loading.message_by_provider(connection, event.account, event.provider_id)


def _about(connection: Connection, message: Message | None) -> State:
    return loading.state(connection, message.conversation if message else None, message=message)


def _at_post(connection: Connection, ref: ChatRef, thread: ChatRef | None, value: str = "") -> State:
    """The state around a chat message. ``value``: the message a button names, which goes before the post's own."""
    post = loading.post_by_ref(connection, ref)
    message = loading.message_by_id(connection, value) if value else None
    if message is None and post is not None and post.message is not None:
        message = loading.message_by_id(connection, post.message)
    number = loading.conversation_by_root(connection, thread, ref)
    if number is None and post is not None:
        number = post.conversation
    if number is None and message is not None:
        number = message.conversation
    return loading.state(connection, number, message=message, post=post, roots=(thread, ref))
