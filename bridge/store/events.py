"""From an event to the conversation it is about."""

from dataclasses import replace

from bridge.domain.assistant import AssistantAnswered
from bridge.domain.conversations import State
from bridge.domain.events import (
    ButtonPressed,
    ChatDeleted,
    ChatEdited,
    ChatPosted,
    CommandGiven,
    DeliveryReported,
    Event,
    FormSubmitted,
    HomeOpened,
    PostSettled,
    ReactionChanged,
    RoomChanged,
    SendSettled,
    StatusChanged,
    TextReceived,
    TimerFired,
    WritingTogether,
)
from bridge.domain.messages import Message
from bridge.domain.people import ChatRef
from bridge.store.loading import Loader


def load(loader: Loader, event: Event) -> State:
    """All that deciding an event needs; empty for one that names no conversation we know."""
    match event:
        case TextReceived():
            state = loader.about(loader.message_by_provider(event.account, event.provider_id))
        case DeliveryReported():
            state = loader.about(_reported(loader, event))
        case ChatPosted() | ChatEdited():
            state = _with_said(loader, _at_post(loader, event.ref, event.thread), event.ref)
        case ChatDeleted():
            state = _at_post(loader, event.ref, event.thread)
        case ReactionChanged():
            state = _at_post(loader, event.ref, None)
        case ButtonPressed():
            state = _at_post(loader, event.ref, event.thread, event.value, event.number)
        case SendSettled():
            state = loader.about(loader.message_by_id(event.message))
        case PostSettled():
            message = loader.message_by_id(event.message) if event.message else None
            state = loader.state(event.conversation, message=message, thread=event.thread)
        case TimerFired():
            message = loader.message_by_id(event.subject)
            state = loader.state(event.conversation, message=message)
        case AssistantAnswered():
            message = loader.message_by_id(event.message) if event.message else None
            state = loader.state(event.conversation, message=message)
        case CommandGiven() | FormSubmitted():
            state = loader.state(event.number)
        case WritingTogether():
            state = _at_post(loader, event.thread, event.thread)
        case RoomChanged() | HomeOpened() | StatusChanged():
            state = State()
    return state


def _with_said(loader: Loader, state: State, ref: ChatRef) -> State:
    if state.conversation is None:
        return state
    return replace(state, said=loader.said(state.conversation.number, ref.platform, ref.room))


def _reported(loader: Loader, event: DeliveryReported) -> Message | None:
    asked = loader.message_by_id(event.message) if event.message else None
    if asked is not None and asked.provider_id == event.provider_id:
        return asked
    found = loader.message_by_key(event.key) if event.key else None
    return found or loader.message_by_provider(event.account, event.provider_id)


def _at_post(loader: Loader, ref: ChatRef, thread: ChatRef | None, value: str = "", named: int | None = None) -> State:
    """The state around a chat message. ``value``: the message a button names, which goes before the post's own.

    ``named``: the conversation it names.
    """
    post = loader.post_by_ref(ref)
    message = loader.message_by_id(value) if value else None
    if message is None and post is not None and post.message is not None:
        message = loader.message_by_id(post.message)
    number = loader.conversation_by_root(thread, ref) if named is None else named
    if number is None and post is not None:
        number = post.conversation
    if number is None and message is not None:
        number = message.conversation
    return loader.state(number, message=message, post=post, roots=(thread, ref))
