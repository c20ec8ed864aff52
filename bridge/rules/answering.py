"""What follows when the assistant has answered: a label, a draft that a person sends, a summary for who asked."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.assistant import AssistantAnswered
from bridge.domain.cards import Note
from bridge.domain.conversations import Conversation, State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import AnswerPrivately, ArmTimer, Effect, PostNote, Record, UpdateCard
from bridge.domain.identity import identify
from bridge.domain.messages import Hold, Message, MessageKind, MessageStatus
from bridge.domain.people import Person, person_of
from bridge.domain.policy import Policy
from bridge.rules import assistant_words as words
from bridge.rules import segments
from bridge.rules.act import nearest
from bridge.rules.assisting import NONE, read_category, read_words
from bridge.rules.marking import written
from bridge.rules.merged import route_number
from bridge.rules.recording import LABELS_AT_MOST
from bridge.rules.reply_acts import HELD_TIMER

ACTOR = SURFACE = "assistant"


def answered(state: State, event: AssistantAnswered, policy: Policy, now: datetime) -> Decision:
    """Decide on an answer; one nobody waits for any more changes nothing."""
    conversation = state.conversation
    if conversation is None or conversation.erased_at is not None:
        return NOTHING
    if event.task == "category":
        return _sorted(state, conversation, event, policy)
    person = person_of(event.person)
    said = read_words(event)
    if event.problem or not said:
        return _told(state, person, words.no_answer(event.problem or "it said nothing"), event)
    if event.task == "summary":
        return _told(state, person, words.summary(said), event)
    return _drafted(state, event, said, policy, now)


def _record(act: str, event: AssistantAnswered, detail: str = "") -> Record:
    how = f"{event.model}, {event.milliseconds} ms"
    return Record(act, ACTOR, SURFACE, event.message, f"{detail}, {how}" if detail else how)


def _sorted(state: State, conversation: Conversation, event: AssistantAnswered, policy: Policy) -> Decision:
    """Put the category on the conversation as a label, if the assistant is sure enough of it."""
    own = policy.assistant
    found = read_category(event.answer, own) if own is not None else None
    if own is None or found is None:
        return Decision(effects=(_record("not_sorted", event, event.problem or "its answer has no category"),))
    entry = _record("sorted", event, f"{found.category} {found.confidence:.2f}")
    sure = found.category != NONE and found.confidence >= own.min_confidence
    if not sure or found.category in conversation.labels or len(conversation.labels) >= LABELS_AT_MOST:
        return Decision(effects=(entry,))
    labelled = replace(conversation, labels=(*conversation.labels, found.category))
    return Decision(conversation=labelled, effects=(*(UpdateCard(thread.id) for thread in state.threads), entry))


def _told(state: State, person: Person, note: Note, event: AssistantAnswered) -> Decision:
    thread = nearest([one for one in state.threads if one.platform == person.platform], None)
    done = _record(f"{event.task}_failed" if event.problem or not event.answer else f"{event.task}_made", event)
    if thread is None:
        return Decision(effects=(done,))
    return Decision(effects=(AnswerPrivately(person, thread.room, thread.root, note), done))


def _drafted(state: State, event: AssistantAnswered, said: str, policy: Policy, now: datetime) -> Decision:
    """Hold the draft as a reply of who asked, for a person to send or discard."""
    body = segments.gsm_friendly(said)
    size = segments.count(body).number
    message = Message(
        id=identify("draft", event.external_id),
        conversation=event.conversation,
        kind=MessageKind.REPLY,
        body=body,
        status=MessageStatus.HELD,
        created_at=now,
        author=event.person,
        hold=Hold.CONFIRM,
        reasons=(words.REASON,),
        segments=size,
        via=route_number(state),
    )
    note = words.draft(message.id, body, size, person_of(event.person))
    effects: tuple[Effect, ...] = (
        *(PostNote(thread.id, note, message.id) for thread in state.threads if thread.root is not None),
        ArmTimer(HELD_TIMER, message.id, now + policy.held_reminder),
        *(UpdateCard(thread.id) for thread in state.threads),
        _record("draft_made", event),
    )
    return written(message, *effects)
