"""What reports read, on both databases."""

from datetime import timedelta

from bridge.domain.decision import Decision
from bridge.domain.effects import Record
from bridge.domain.messages import Message, MessageKind, MessageStatus, Purpose
from bridge.domain.reports import Strand
from bridge.ports.store import Store, Unit
from tests.store.builders import NOW, contact, conversation, later, reply, save

ANA = "slack:U1"
NEVER_LEFT = (MessageStatus.HELD, MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.CANCELLED)


def said(number: int, *messages: Message, **changes: object) -> Decision:
    values = {"last_inbound_at": NOW, **changes}
    return Decision(conversation=conversation(number, **values), contact=contact(), messages=messages)


def inbound(name: str, number: int, seconds: float) -> Message:
    kind, status = MessageKind.INBOUND, MessageStatus.RECEIVED
    return reply(name, number, kind=kind, status=status, created_at=later(seconds))


async def read(store: Store, *lines: str, after: int = 0, limit: int = 100) -> list[Strand]:
    names, since = lines or ("front-desk",), NOW - timedelta(hours=1)
    return list(await store.transact(lambda unit: unit.strands(names, since, after=after, limit=limit)))


async def test_texts_replies_that_left_and_closes_come_in_their_order(store: Store) -> None:
    sent = {"status": MessageStatus.SENT, "author": ANA, "segments": 2}
    failed = {**sent, "status": MessageStatus.FAILED}
    await save(
        store,
        said(
            1,
            inbound("a", 1, 0),
            reply("b", 1, **sent, created_at=later(9)),
            reply("c", 1, **sent, created_at=later(1), settled_at=later(20)),
            reply("d", 1, **failed, provider_id="SM1", created_at=later(30)),
            reply("asked", 1, status=MessageStatus.SENT, created_at=later(32), purpose=Purpose.REQUEST),
            reply("ruled", 1, status=MessageStatus.SENT, created_at=later(33), automatic="rule:prices"),
            reply("refused", 1, **failed, created_at=later(35)),
            *(reply(f"never {status}", 1, status=status, author=ANA) for status in NEVER_LEFT),
            reply("note", 1, kind=MessageKind.COMMENT, status=MessageStatus.KEPT, author=ANA),
        ),
    )
    acts = Decision(effects=(Record("closed", ANA, "thread"), Record("claimed", ANA, "thread")))

    def act(unit: Unit) -> None:
        unit.save(acts, later(40), conversation=1)

    await store.transact(act)
    (strand,) = await read(store)
    assert [
        (one.kind, (one.at - NOW).total_seconds(), one.author, one.failed, one.segments) for one in strand.said
    ] == [
        ("text", 0, None, False, 0),
        ("reply", 9, ANA, False, 2),
        ("reply", 20, ANA, False, 2),
        ("reply", 30, ANA, True, 2),
        ("reply", 35, ANA, True, 0),
        ("closed", 40, None, False, 0),
    ]
    assert (strand.whole, strand.answerable) == (True, True)


async def test_whom_nobody_may_text_and_who_has_an_answer_that_is_held_waits_for_nobody(store: Store) -> None:
    aside = ({"opted_out": True}, {"blocked": True}, {"answer_held_until": later(60)})
    await save(store, *(said(number, inbound(f"m{number}", number, 0), **one) for number, one in enumerate(aside, 1)))
    assert [strand.answerable for strand in await read(store)] == [False, False, False]


async def test_only_what_was_in_use_on_these_lines_and_a_portion_at_a_time(store: Store) -> None:
    long_ago = NOW - timedelta(days=3)
    old = reply("old", 4, created_at=long_ago, status=MessageStatus.SENT)
    await save(
        store,
        said(1, inbound("m1", 1, 0)),
        said(2, inbound("m2", 2, 0)),
        said(3, line="billing"),
        said(4, old, inbound("m4", 4, 1), created_at=long_ago),
        said(5, created_at=long_ago, last_inbound_at=long_ago),
    )
    assert [strand.number for strand in await read(store)] == [1, 2, 4]
    assert [strand.number for strand in await read(store, after=1, limit=1)] == [2]
    assert [strand.number for strand in await read(store, "front-desk", "billing")] == [1, 2, 3, 4]
    part = (await read(store))[-1]
    assert (part.whole, len(part.said)) == (False, 1)
