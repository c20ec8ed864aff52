"""What a decision changed is what the next one reads."""

from dataclasses import fields, replace

import pytest
from sqlalchemy import Table

from bridge.domain.content import Text
from bridge.domain.conversations import Conversation, State, Thread, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.effects import ArmTimer, DisarmTimer
from bridge.domain.events import (
    ButtonPressed,
    ChatDeleted,
    ChatPosted,
    CommandGiven,
    DeliveryReported,
    Event,
    PostSettled,
    ReactionChanged,
    SendSettled,
    TextReceived,
    TimerFired,
)
from bridge.domain.messages import Hold, Mark, Media, Message, MessageKind, MessageStatus
from bridge.domain.people import ChatRef, Person
from bridge.ports.provider import MediaContent
from bridge.ports.rows import (
    OutboxRow,
    TimerRow,
)
from bridge.ports.store import Store, Unit
from bridge.store import schema
from tests.store.builders import (
    NOW,
    call,
    chat,
    claim,
    contact,
    conversation,
    enqueue,
    known,
    later,
    post,
    reply,
    save,
    thread,
)

ANA = Person("slack", "U1")

FULL = reply(
    "full",
    kind=MessageKind.INBOUND,
    body="NUL \0, half \ud83d, whole 😀",
    status=MessageStatus.RECEIVED,
    author="slack:U1",
    origin=ChatRef("matrix", '!a"b:c', "$1"),
    hold=Hold.GUARD,
    reasons=("mentions @here", "ein Grund, ü"),
    release_at=later(0.000001),
    ticket=3,
    account="main",
    provider_id="SM1",
    segments=2,
    error_code="30003",
    media=(Media("https://x/1", "image/png", "a.png", 5, "full.0", None), Media("u", "", refused="too large")),
    settled_at=later(2),
    recovered=True,
)


@pytest.mark.parametrize(
    ("table", "kind", "renamed"),
    [
        (schema.conversations, Conversation, ()),
        (schema.threads, Thread, ("digest",)),
        (schema.messages, Message, ("version",)),
        (schema.timers, TimerRow, ()),
        (schema.outbox, OutboxRow, ("settled_at", "stuck_at", "token")),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_columns_carry_the_names_of_the_fields(table: Table, kind: type, renamed: tuple[str, ...]) -> None:
    columns = {column.name for column in table.columns}
    assert columns ^ {field.name for field in fields(kind)} == set(renamed)


async def test_everything_comes_back_as_it_went(store: Store) -> None:
    whole = conversation(
        assignee="ana",
        labels=("lead", "vip"),
        waiting_since=later(1),
        last_inbound_at=later(2),
        last_outbound_at=later(3),
        closed_at=later(4),
        opted_out=True,
    )
    shown = thread(state=ThreadState.OPEN, root=chat("1.5"), earlier=ChatRef("slack", "C0", "0.5"))
    await save(store, Decision(conversation=whole, contact=contact(), threads=(shown,), messages=(FULL,)))
    state = await store.transact(lambda unit: unit.load_message("full"))
    cleaned = replace(FULL, body="NUL \ufffd, half \ufffd, whole 😀")
    assert state == State(conversation=whole, contact=contact(), threads=(shown,), message=cleaned)


async def test_a_line_gives_the_latest_conversation_of_an_address(store: Store) -> None:
    assert await store.transact(lambda unit: unit.load_line("front-desk", "+15550001111")) == State()
    await save(store, known(), known(conversation=conversation(1002, labels=("second",)), threads=()))
    await save(store, known(conversation=conversation(1003, line="other"), threads=()))
    state = await store.transact(lambda unit: unit.load_line("front-desk", "+15550001111"))
    assert state.conversation == conversation(1002, labels=("second",))
    nowhere = await store.transact(lambda unit: unit.load_line("third", "+15550001111"))
    assert nowhere == State(contact=contact())


async def test_numbers_begin_at_1001_and_are_never_given_twice(store: Store) -> None:
    def make(unit: Unit) -> int:
        number = unit.fresh_number()
        unit.save(known(conversation=conversation(number), threads=()), NOW)
        return number

    def make_and_fail(unit: Unit) -> None:
        make(unit)
        raise LookupError

    def several(unit: Unit) -> list[int]:
        first = make(unit)
        with pytest.raises(LookupError):
            unit.savepoint(lambda: make_and_fail(unit))
        unit.fresh_number()  # asked for and not used
        return [first, make(unit), make(unit)]

    assert await store.transact(several) == [1001, 1002, 1003]
    assert await store.transact(make) == 1004


EVENTS: dict[str, Event] = {
    "text known already": TextReceived(
        account="main", external_id="x", provider_id="SM1", sender="+1", recipient="+2", body="hi"
    ),
    "report by our key": DeliveryReported(
        account="main", external_id="x", provider_id="SM9", status=MessageStatus.SENT, key="KEY"
    ),
    "report by the provider's id": DeliveryReported(
        account="main", external_id="x", provider_id="SM1", status=MessageStatus.SENT
    ),
    "reaction on a reply": ReactionChanged(external_id="x", ref=chat("9"), author=ANA, name="x", added=True),
    "button naming the message": ButtonPressed(
        external_id="x", ref=chat("77"), thread=chat("1"), author=ANA, action="send", value="m1"
    ),
    "deleted reply": ChatDeleted(external_id="x", ref=chat("9"), thread=chat("1")),
    "settled send": SendSettled(external_id="x", message="m1", outcome="accepted"),
    "settled post": PostSettled(external_id="x", conversation=1001, thread="t1", message="m1", gone=False, code="x"),
    "timer of the message": TimerFired(external_id="x", kind="held", conversation=1001, subject="m1"),
}


async def test_the_first_copy_of_a_file_is_kept(store: Store) -> None:
    first, second = MediaContent(b"png", "image/png", "a.png"), MediaContent(b"other", "image/gif")
    stored = await store.transact(lambda unit: unit.put_media("m1", 0, first, NOW))
    assert await store.transact(lambda unit: unit.put_media("m1", 0, second, NOW)) == stored
    other = await store.transact(lambda unit: unit.put_media("m1", 1, second, NOW))
    assert await store.transact(lambda unit: unit.get_media(stored)) == first
    assert await store.transact(lambda unit: unit.get_media(other)) == second
    assert await store.transact(lambda unit: unit.get_media("m2.0")) is None


@pytest.mark.parametrize("name", EVENTS)
async def test_an_event_finds_its_message(store: Store, name: str) -> None:
    await save(
        store,
        known(
            threads=(thread(state=ThreadState.OPEN, root=chat("1")),),
            messages=(reply(account="main", provider_id="SM1"),),
            posts=(post("9", "m1"), post("8", "m1", role="note")),
        ),
    )
    await enqueue(store, call(message="m1"))
    (row,) = await claim(store)
    event = EVENTS[name]
    if isinstance(event, DeliveryReported) and event.key:
        event = replace(event, key=row.key)
    state = await store.transact(lambda unit: unit.load(event))
    assert state.message == reply(account="main", provider_id="SM1")
    assert state.pending == (state.message,)
    assert state.notes == (post("8", "m1", role="note"),)
    assert (state.conversation, state.contact) == (conversation(), contact())
    assert [known_thread.id for known_thread in state.threads] == ["t1"]


async def test_a_post_finds_its_conversation_by_the_root_of_its_thread(store: Store) -> None:
    await save(store, known(threads=(thread(state=ThreadState.OPEN, root=chat("1")),)))
    words = ChatPosted(external_id="x", ref=chat("2"), thread=chat("1"), author=ANA, content=(Text("hi"),))
    state = await store.transact(lambda unit: unit.load(words))
    assert (state.conversation, state.post, state.message) == (conversation(), None, None)
    elsewhere = await store.transact(lambda unit: unit.load(replace(words, thread=chat("other"))))
    in_the_room = await store.transact(lambda unit: unit.load(replace(words, thread=None)))
    command = CommandGiven(external_id="x", platform="slack", room="C1", author=ANA, text="queue")
    assert elsewhere == in_the_room == await store.transact(lambda unit: unit.load(command)) == State()


async def test_a_lost_thread_is_shown_only_to_events_that_name_it(store: Store) -> None:
    old = thread("t0", state=ThreadState.LOST, root=chat("0"))
    await save(store, known(threads=(old, thread(state=ThreadState.OPEN, root=chat("1")))))

    async def shown(event: Event) -> list[str]:
        state = await store.transact(lambda unit: unit.load(event))
        return [found.id for found in state.threads]

    words = ChatPosted(external_id="x", ref=chat("2"), thread=chat("1"), author=ANA, content=())
    assert await shown(words) == ["t1"]
    assert await shown(replace(words, thread=chat("0"))) == ["t0", "t1"]
    assert await shown(ChatDeleted(external_id="x", ref=chat("0"))) == ["t0", "t1"]
    gone = PostSettled(external_id="x", conversation=1001, thread="t0", message=None, gone=True, code="x")
    assert await shown(gone) == ["t0", "t1"]


async def test_pending_replies_come_oldest_first_and_only_those(store: Store) -> None:
    queued = reply("b", created_at=later(1))
    held = reply("a", status=MessageStatus.HELD, created_at=later(1))
    oldest = reply("z", created_at=later(0))
    others = (
        reply("d", status=MessageStatus.SENDING),
        reply("e", kind=MessageKind.INBOUND, status=MessageStatus.RECEIVED),
        reply("f", status=MessageStatus.DELIVERED),
    )
    await save(store, known(messages=(queued, held, oldest, *others)))
    state = await store.transact(lambda unit: unit.load_conversation(1001))
    assert state.pending == (oldest, held, queued)


async def test_the_mark_wanted_and_the_mark_shown_are_kept_apart(store: Store) -> None:
    await save(store, known(messages=(reply(),), posts=(post("9", "m1"),)))
    await save(store, Decision(posts=(replace(post("9", "m1"), mark=Mark.HELD),)))
    view = await store.transact(lambda unit: unit.post(chat("9")))
    assert view is not None
    assert (view.mark, view.shown) == (Mark.HELD, Mark.NONE)


async def test_one_timer_per_kind_and_subject(store: Store) -> None:
    first, again = ArmTimer("held", "m1", later(5)), ArmTimer("held", "m1", later(9))
    await save(store, known(effects=(first, ArmTimer("other", "m1", later(7)), again)))
    assert await store.transact(lambda unit: unit.next_timer()) == later(7)
    assert await store.transact(lambda unit: unit.due_timers(later(6), 9)) == []
    due = await store.transact(lambda unit: unit.due_timers(later(9), 9))
    assert [(row.kind, row.due, row.conversation) for row in due] == [
        ("other", later(7), 1001),
        ("held", later(9), 1001),
    ]
    assert await store.transact(lambda unit: unit.due_timers(later(9), 9)) == []
    await save(store, known(effects=(first,)))
    (later_one,) = await store.transact(lambda unit: unit.due_timers(later(9), 9))
    assert later_one.id not in {row.id for row in due}


async def test_a_disarmed_timer_stays_silent(store: Store) -> None:
    await save(store, known(effects=(ArmTimer("held", "m1", NOW), DisarmTimer("held", "m1"))))
    assert await store.transact(lambda unit: unit.next_timer()) is None
