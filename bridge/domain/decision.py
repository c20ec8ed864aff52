"""The answer of a rule: what is true now, and what to do about it."""

from dataclasses import dataclass

from bridge.domain.conversations import ChatPost, Conversation, Thread
from bridge.domain.effects import Effect
from bridge.domain.messages import Message
from bridge.domain.people import Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Rows to write as they now are (new or changed; nothing else is touched), then effects in order.

    ``others``, ``contacts``: conversations besides the one decided on, contacts besides its own.
    """

    conversation: Conversation | None = None
    contact: Contact | None = None
    others: tuple[Conversation, ...] = ()
    contacts: tuple[Contact, ...] = ()
    threads: tuple[Thread, ...] = ()
    messages: tuple[Message, ...] = ()
    posts: tuple[ChatPost, ...] = ()
    effects: tuple[Effect, ...] = ()


NOTHING = Decision()
