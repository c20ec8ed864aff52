"""The answer of a rule: what is true now, and what to do about it."""

from dataclasses import dataclass

from bridge.domain.conversations import ChatPost, Conversation, Thread
from bridge.domain.effects import Effect
from bridge.domain.messages import Message
from bridge.domain.people import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Rows to write as they now are (new or changed; nothing else is touched), then effects in order."""

    conversation: Conversation | None = None
    contact: Contact | None = None
    threads: tuple[Thread, ...] = ()
    messages: tuple[Message, ...] = ()
    posts: tuple[ChatPost, ...] = ()
    effects: tuple[Effect, ...] = ()


NOTHING = Decision()
