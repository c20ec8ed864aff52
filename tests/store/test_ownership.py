"""Who owns a conversation, who was heard last, and what is on record, on both databases."""

from bridge.domain.conversations import ChatPost, Said, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.effects import Record
from bridge.domain.events import ChatPosted, CommandGiven, FormSubmitted
from bridge.domain.messages import Hold, Message, MessageKind, MessageStatus
from bridge.domain.people import ChatRef, Person
from bridge.ports.store import Store
from tests.store.builders import NOW, chat, conversation, known, later, post, reply, save, thread

ANA = Person("slack", "U1")


def posted(ref: str) -> ChatPosted:
    return ChatPosted(external_id=ref, ref=chat(ref), thread=chat("1.0"), author=ANA, content=())


def text(name: str, seconds: float) -> Message:
    return reply(name, kind=MessageKind.INBOUND, status=MessageStatus.RECEIVED, created_at=later(seconds))


async def test_ownership_is_kept(store: Store) -> None:
    owned = conversation(assignee="slack:U1", team="sales", watchers=("slack:U2", "slack:U3"), blocked=True)
    await save(store, known(conversation=owned))
    state = await store.transact(lambda unit: unit.load_conversation(1001))
    assert state.conversation == owned


async def test_the_last_words_of_each_are_known_with_their_place_in_the_room(store: Store) -> None:
    mine = reply("m1", author="slack:U1", origin=chat("2.0"), created_at=later(1), posted_at=later(0.5))
    stopped = reply("m2", author="slack:U2", origin=chat("2.5"), created_at=later(2), status=MessageStatus.CANCELLED)
    elsewhere = reply("m3", author="slack:U3", origin=ChatRef("slack", "C9", "3.0"), created_at=later(3))
    planned = reply("m4", author="slack:U4", origin=chat("3.5"), created_at=later(3), hold=Hold.LATER)
    await save(
        store,
        known(
            threads=(thread(root=chat("1.0")),),
            messages=(text("t1", 0), mine, stopped, elsewhere, text("t2", 4), planned),
        ),
        Decision(posts=(post("1.5", "t1", "text"),)),
    )
    state = await store.transact(lambda unit: unit.load(posted("9.0")))
    assert set(state.said) == {
        Said(author=None, ref=None, at=later(4)),
        Said(author="slack:U1", ref=chat("2.0"), at=later(1), posted_at=later(0.5)),
        Said(author="slack:U3", ref=None, at=later(3)),
    }
    await save(store, Decision(posts=(post("4.5", "t2", "text"),)))
    state = await store.transact(lambda unit: unit.load(posted("9.0")))
    assert Said(author=None, ref=chat("4.5"), at=later(4)) in state.said


async def test_what_was_said_about_replies_that_wait_for_a_time_is_known(store: Store) -> None:
    planned, asleep = reply("m1", hold=Hold.LATER), reply("m2", hold=Hold.QUIET)
    held, left = reply("m3", hold=Hold.GUARD), reply("m4", status=MessageStatus.CANCELLED)
    posts = tuple(post(f"2.{number}", f"m{number}", "note") for number in (1, 2, 3, 4))
    mine = post("2.5", "m1", "reply")
    await save(store, known(messages=(planned, asleep, held, left)), Decision(posts=(*posts, mine)))
    state = await store.transact(lambda unit: unit.load_conversation(1001))
    assert set(state.plans) == set(posts[:2])


async def test_a_text_shown_in_the_thread_a_conversation_left_was_shown(store: Store) -> None:
    left = thread("t1", root=ChatRef("slack", "C9", "1.0"), room="C9", state=ThreadState.MOVED)
    before, twice = text("t1", 0), text("t2", 4)
    there = ChatPost(ref=ChatRef("slack", "C9", "1.5"), conversation=1001, role="text", message="t1")
    await save(
        store, known(threads=(left, thread("t9", root=chat("1.0"))), messages=(before,)), Decision(posts=(there,))
    )
    state = await store.transact(lambda unit: unit.load(posted("9.0")))
    assert state.said == (Said(author=None, ref=chat("1.5"), at=later(0)),)
    also = ChatPost(ref=ChatRef("slack", "C9", "4.4"), conversation=1001, role="text", message="t2")
    await save(store, Decision(messages=(twice,), posts=(also, post("4.5", "t2", "text"))))
    state = await store.transact(lambda unit: unit.load(posted("9.0")))
    assert state.said == (Said(author=None, ref=chat("4.5"), at=later(4)),)


async def test_what_is_written_where_no_conversation_is_asks_nothing(store: Store) -> None:
    assert (await store.transact(lambda unit: unit.load(posted("9.0")))).said == ()


async def test_commands_and_forms_find_their_conversation_by_its_number(store: Store) -> None:
    await save(store, known())
    given = CommandGiven(external_id="c", platform="slack", room="C1", author=ANA, text="#1001 close")
    state = await store.transact(lambda unit: unit.load(given))
    assert state.conversation is not None
    form = FormSubmitted(external_id="f", platform="slack", author=ANA, form="assign", context="#1001")
    assert (await store.transact(lambda unit: unit.load(form))).conversation == state.conversation


async def test_comments_are_read_oldest_first(store: Store) -> None:
    comments = [
        reply(
            f"c{number}",
            kind=MessageKind.COMMENT,
            status=MessageStatus.KEPT,
            body=f"{number}",
            created_at=later(number),
        )
        for number in range(5)
    ]
    empty = reply("c9", kind=MessageKind.COMMENT, status=MessageStatus.KEPT, body="", created_at=later(9))
    await save(store, known(messages=(*comments, empty, reply("m1"))))
    found = await store.transact(lambda unit: unit.comments(1001, 3))
    assert [message.body for message in found] == ["2", "3", "4"]


async def test_the_record_of_a_conversation_is_read_newest_first(store: Store) -> None:
    acts = tuple(Record(act, "slack:U1", "thread", None, f"of {act}") for act in ("claimed", "closed"))
    await save(store, known(effects=acts), known(conversation=conversation(1002), threads=(), effects=acts[:1]))
    found = await store.transact(lambda unit: unit.acts(1001, 10))
    assert [(entry.at, entry.record) for entry in found] == [(NOW, acts[1]), (NOW, acts[0])]
    assert len(await store.transact(lambda unit: unit.acts(1001, 1))) == 1
