"""What is kept about a conversation and its contact: labels, name, consent, comments; and telling what is on record."""

import re
from dataclasses import replace

from bridge.domain.conversations import Conversation
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import PostNote
from bridge.domain.identity import identify
from bridge.domain.messages import Message, MessageKind, MessageStatus
from bridge.domain.showing import TellRecord
from bridge.rules import owning_words as words
from bridge.rules.act import Act
from bridge.rules.consent_words import EVIDENCE_AT_MOST

LABELS_AT_MOST = 20
NAME_AT_MOST = 80
_CHANGE = re.compile(r"[+-]?[\w.-]{1,40}")


def label(act: Act) -> Decision:
    """Add and take away labels: ``+lead -spam``; a word without a sign is added."""
    conversation = act.state.conversation
    if conversation is None:
        return NOTHING
    changes = act.argument.casefold().replace(",", " ").split()
    if not changes or not all(_CHANGE.fullmatch(change) for change in changes):
        return act.tell(words.LABEL_HOW)
    labels = list(conversation.labels)
    for change in changes:
        name = change.lstrip("+") if change.startswith("+") else change.removeprefix("-")
        labels = [known for known in labels if known != name]
        if not change.startswith("-"):
            labels.append(name)
    if len(labels) > LABELS_AT_MOST:
        return act.tell(words.LABEL_HOW)
    if set(labels) == set(conversation.labels):
        return Decision(effects=act.told(words.labels_now(conversation.labels)))
    changed = replace(conversation, labels=tuple(labels))
    record = act.record("labelled", detail=" ".join(changes))
    return Decision(conversation=changed, effects=(*act.cards(), record, *act.told(words.labels_now(changed.labels))))


def name(act: Act) -> Decision:
    """Say what the contact is called."""
    contact, called = act.state.contact, " ".join(act.argument.split())
    if act.state.conversation is None or contact is None:
        return NOTHING
    if not called or len(called) > NAME_AT_MOST:
        return act.tell(words.NAME_HOW)
    if contact.name == called:
        return Decision(effects=act.told(words.named(called)))
    return Decision(
        contact=replace(contact, name=called),
        contacts=tuple(replace(one.contact, name=called) for one in act.state.joined if one.contact.id != contact.id),
        effects=(*act.cards(), act.record("named"), *act.told(words.named(called))),
    )


def block(act: Act) -> Decision:
    """Keep the contact's texts without calling anybody, and send nothing."""
    return _switched(act, "blocked", words.BLOCKED_NOTE, blocked=True)


def unblock(act: Act) -> Decision:
    """Undo a block."""
    return _switched(act, "unblocked", words.UNBLOCKED_NOTE, blocked=False)


def _switched(act: Act, verb: str, said: words.Note, **changed: bool) -> Decision:
    conversation = act.state.conversation
    if conversation is None:
        return NOTHING
    after: Conversation = replace(conversation, **changed)
    if after == conversation:
        return Decision(effects=act.told(said))
    record = act.record(verb, detail=act.argument.strip()[:EVIDENCE_AT_MOST])
    return Decision(conversation=after, effects=(*act.cards(), record, *act.told(said)))


def comment(act: Act) -> Decision:
    """Keep words inside that were not written in the thread, and show them there."""
    conversation, thread, said = act.state.conversation, act.view(), act.argument.strip()
    if conversation is None or thread is None:
        return NOTHING
    if not said:
        return act.tell(words.COMMENT_HOW)
    message = Message(
        id=identify("comment", act.cause),
        conversation=conversation.number,
        kind=MessageKind.COMMENT,
        body=said,
        status=MessageStatus.KEPT,
        created_at=act.now,
        author=act.actor.key,
    )
    note = PostNote(thread.id, words.commented(said, act.actor), message.id)
    return Decision(messages=(message,), effects=(note, act.record("commented", message.id), *act.told(words.NOTED)))


def history(act: Act) -> Decision:
    """Tell the actor the last acts."""
    return _told(act, why=False)


def why(act: Act) -> Decision:
    """Tell the actor who answered, and which act made things as they are."""
    return _told(act, why=True)


def _told(act: Act, *, why: bool) -> Decision:
    if act.state.conversation is None:
        return NOTHING
    return Decision(effects=(TellRecord(act.actor, act.room, act.thread, act.handle, why),))
