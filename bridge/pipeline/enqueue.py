"""From effects to outbox rows: which lane keeps their order, which target's worker carries them out."""

from collections.abc import Container
from dataclasses import dataclass

from bridge.domain.assistant import AskAssistant
from bridge.domain.conversations import State, Thread
from bridge.domain.decision import Decision
from bridge.domain.effects import (
    SILENT,
    AnswerPrivately,
    CallWebhook,
    CarryComments,
    CarryWords,
    Effect,
    OpenForm,
    OpenThread,
    PostMedia,
    PostNote,
    PostText,
    SendText,
    SetMark,
    TellRoom,
    UpdateCard,
    UpdateNote,
)
from bridge.domain.messages import Mark
from bridge.domain.people import ChatRef
from bridge.domain.showing import PublishHome, TellFound, TellQueue, TellRecord, TellReport
from bridge.pipeline.payloads import from_form, from_note, from_person, from_ref, from_ring
from bridge.ports.rows import OutboxDraft

ROOM, CARD, MARK, NOTE, PRIVATE, FORM, HOME, LINE = "room", "card", "mark", "note", "private", "form", "home", "line"
ASSISTANT, WEBHOOK, ERASE = "assistant", "webhook", "erase"
UNMARK = "unmark"
"""A target of its own: platforms let marks be taken away more seldom than put, and new ones must not wait for that."""


@dataclass(frozen=True, slots=True)
class _Place:
    number: int
    line: str
    threads: dict[str, Thread]
    routes: dict[str, tuple[int, str]]

    def route(self, message: str) -> tuple[int, str]:
        """The conversation and line a reply goes by: those of an address keep its texts in order."""
        return self.routes.get(message, (self.number, self.line))


def drafts(state: State, decision: Decision) -> list[OutboxDraft]:
    """Return the rows for what leaves the process; the other effects are the store's."""
    conversation = decision.conversation or state.conversation
    place = _Place(
        number=conversation.number if conversation else 0,
        line=conversation.line if conversation else "",
        threads={thread.id: thread for thread in (*_threads(state), *decision.threads)},
        routes=_routes(state, decision),
    )
    found = (_draft(effect, place) for effect in decision.effects)
    return [draft for draft in found if draft is not None]


def clear_mark(conversation: int, ref: ChatRef, mark: Mark) -> OutboxDraft:
    """Return the row that takes away a mark left beside a newer one."""
    target = f"{UNMARK}:{ref.platform}"
    return OutboxDraft(
        lane=f"{conversation}:{target}",
        target=target,
        kind="ClearMark",
        conversation=conversation,
        payload={"ref": from_ref(ref), "mark": mark.value},
    )


def erase_thread(conversation: int, root: ChatRef) -> OutboxDraft:
    """Return the row that removes what the bot posted in a thread; a target of its own, so it delays nothing else."""
    target = f"{ERASE}:{root.platform}"
    return OutboxDraft(
        lane=f"{conversation}:{target}",
        target=target,
        kind="EraseThread",
        conversation=conversation,
        payload={"ref": from_ref(root)},
    )


def _threads(state: State) -> tuple[Thread, ...]:
    related = [thread for one in (*state.joined, *state.chain, *state.mine, *state.elsewhere) for thread in one.threads]
    return (*state.threads, *related, *(_threads(state.other) if state.other is not None else ()))


def _routes(state: State, decision: Decision) -> dict[str, tuple[int, str]]:
    known = {one.conversation.number: one.conversation.line for one in (*state.joined, state.via) if one is not None}
    return {message.id: (message.via, known[message.via]) for message in decision.messages if message.via in known}


def is_configured(target: str, lines: Container[str], platforms: Container[str], webhooks: Container[str] = ()) -> bool:
    """Tell whether a target's line, platform or webhook is still in the configuration."""
    kind, _, name = target.partition(":")
    if kind == ASSISTANT:
        return True
    if kind == WEBHOOK:
        return name in webhooks
    return name in lines if kind == LINE else name.partition("/")[0] in platforms


def room_target(platform: str, room: str) -> str:
    """Return the target of everything posted in a room."""
    return f"{ROOM}:{platform}/{room}"


def _draft(effect: Effect, place: _Place) -> OutboxDraft | None:  # noqa: PLR0911, PLR0912 - one line an effect
    match effect:
        case OpenThread(thread):
            return _in_room("OpenThread", place, thread)
        case PostText(thread, message, ring):
            loud: dict[str, object] = {} if ring == SILENT else {"ring": from_ring(ring)}
            return _in_room("PostText", place, thread, message, **loud)
        case PostMedia(thread, message, index):
            return _in_room("PostMedia", place, thread, message, index=index)
        case PostNote(thread, note, message, link):
            linked: dict[str, object] = {} if link is None else {"link": link}
            return _in_room("PostNote", place, thread, message, note=from_note(note), **linked)
        case TellRoom():
            return _to_room(effect, place)
        case CarryComments() | CarryWords():
            return _carried(effect, place)
        case UpdateCard(thread):
            known = place.threads[thread]
            return _draft_of(
                "UpdateCard", place, CARD, known.platform, number=known.conversation, payload={"thread": thread}
            )
        case UpdateNote(ref, note):
            payload: dict[str, object] = {"ref": from_ref(ref), "note": from_note(note)}
            return _draft_of("UpdateNote", place, NOTE, ref.platform, payload=payload)
        case SetMark(ref, _):
            return _draft_of("SetMark", place, MARK, ref.platform, payload={"ref": from_ref(ref)})
        case AnswerPrivately():
            return _private(effect, place)
        case PublishHome() | TellQueue() | TellFound() | TellReport():
            return _queue(effect)
        case AskAssistant():
            return _asked(effect, place)
        case CallWebhook():
            return _called(effect, place)
        case TellRecord():
            return _told(effect, place)
        case OpenForm(person, trigger, form):
            shown: dict[str, object] = {"trigger": trigger, "form": from_form(form)}
            return _draft_of("OpenForm", place, FORM, person.platform, payload=shown)
        case SendText(message, ticket, not_before):
            number, line = place.route(message)
            return OutboxDraft(
                lane=f"{number}:{LINE}",
                target=f"{LINE}:{line}",
                kind="SendText",
                conversation=place.number,
                message=message,
                payload={"ticket": ticket},
                not_before=not_before,
            )
        case _:
            return None


def _in_room(kind: str, place: _Place, thread_id: str, message: str | None = None, **payload: object) -> OutboxDraft:
    thread = place.threads[thread_id]
    target = room_target(thread.platform, thread.room)
    return OutboxDraft(
        lane=f"{thread.conversation}:{target}",
        target=target,
        kind=kind,
        conversation=thread.conversation,
        message=message,
        payload={"thread": thread_id, **payload},
    )


def _carried(effect: CarryComments | CarryWords, place: _Place) -> OutboxDraft:
    if isinstance(effect, CarryComments):
        back: dict[str, object] = {"back": True} if effect.back else {}
        return _in_room("CarryComments", place, effect.thread, None, **back)
    since: dict[str, object] = {} if effect.since is None else {"since": effect.since.isoformat()}
    return _in_room("CarryWords", place, effect.thread, None, source=effect.source, **since)


def _to_room(effect: TellRoom, place: _Place) -> OutboxDraft:
    """A lane beside those of the conversations, which do not wait for it."""
    room = effect.room
    target = room_target(room.platform, room.room)
    payload: dict[str, object] = {"platform": room.platform, "room": room.room, "note": from_note(effect.note)}
    if effect.link is not None:
        payload["link"] = from_ref(effect.link)
    return OutboxDraft(lane=f"0:{target}", target=target, kind="TellRoom", conversation=place.number, payload=payload)


def _draft_of(
    kind: str, place: _Place, what: str, platform: str, *, payload: dict[str, object], number: int | None = None
) -> OutboxDraft:
    target, whose = f"{what}:{platform}", place.number if number is None else number
    return OutboxDraft(lane=f"{whose}:{target}", target=target, kind=kind, conversation=whose, payload=payload)


def _private(effect: AnswerPrivately, place: _Place) -> OutboxDraft:
    payload: dict[str, object] = {
        "person": from_person(effect.person),
        "room": effect.room,
        "thread": from_ref(effect.thread),
        "note": from_note(effect.note),
        "handle": effect.handle,
        "link": from_ref(effect.link),
    }
    return _draft_of("AnswerPrivately", place, PRIVATE, effect.person.platform, payload=payload)


def _queue(effect: PublishHome | TellQueue | TellFound | TellReport) -> OutboxDraft:
    """Each person's own lane: nobody waits for another's page."""
    target = f"{HOME}:{effect.person.platform}"
    payload: dict[str, object] = {"person": from_person(effect.person)}
    payload |= {"words": effect.words} if isinstance(effect, TellReport | TellFound) else {"view": str(effect.view)}
    if not isinstance(effect, PublishHome):
        payload |= {"room": effect.room, "handle": effect.handle}
    lane = f"{target}/{effect.person.id}"
    return OutboxDraft(lane=lane, target=target, kind=type(effect).__name__, conversation=0, payload=payload)


def _called(effect: CallWebhook, place: _Place) -> OutboxDraft:
    target = f"{WEBHOOK}:{effect.webhook}"
    return OutboxDraft(
        lane=f"{place.number}:{target}",
        target=target,
        kind="CallWebhook",
        conversation=place.number,
        message=effect.message,
        payload={"rule": effect.rule, "event": effect.event},
    )


def _told(effect: TellRecord, place: _Place) -> OutboxDraft:
    payload: dict[str, object] = {
        "person": from_person(effect.person),
        "room": effect.room,
        "thread": from_ref(effect.thread),
        "handle": effect.handle,
        "why": effect.why,
    }
    return _draft_of("TellRecord", place, PRIVATE, effect.person.platform, payload=payload)


def _asked(effect: AskAssistant, place: _Place) -> OutboxDraft:
    """A lane of its own: what the assistant does slowly, or not at all, delays nothing else."""
    return OutboxDraft(
        lane=f"{place.number}:{ASSISTANT}",
        target=ASSISTANT,
        kind="AskAssistant",
        conversation=place.number,
        message=effect.message,
        payload={"task": effect.task, "person": effect.person},
    )
