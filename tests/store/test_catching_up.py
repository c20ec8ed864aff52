"""How far each source was read, and what is still without an end."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest

from bridge.domain.conversations import State, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.events import (
    DeliveryReported,
)
from bridge.domain.messages import MessageStatus
from bridge.ports.rows import (
    LeftText,
    ThreadsInUse,
)
from bridge.ports.store import Store, Unit
from bridge.store import catching_up
from tests.store.builders import (
    NOW,
    chat,
    contact,
    conversation,
    known,
    later,
    post,
    reply,
    save,
    thread,
)


async def test_threads_in_use_and_when_they_began(store: Store) -> None:
    """That a later post is known proves nothing about those before it."""
    opened = thread(state=ThreadState.OPEN, root=chat("1"))
    await save(store, known(threads=(opened, thread("lost", state=ThreadState.LOST, root=chat("0")))))
    assert await store.transact(lambda unit: unit.open_threads("slack", NOW, 9)) == ThreadsInUse([], NOW)

    def posted(unit: Unit) -> None:
        unit.save(Decision(posts=(post("a", role="reply"),)), later(10))
        unit.save(Decision(posts=(post("b", role="comment"),)), later(20))
        unit.save(Decision(posts=(post("c", role="text"),)), later(30))

    await store.transact(posted)
    begun = [(chat("1"), opened.created_at)]
    assert await store.transact(lambda unit: unit.open_threads("slack", later(25), 9)) == ThreadsInUse(begun, later(25))
    for platform, since in (("slack", later(31)), ("matrix", NOW)):
        assert await store.transact(partial(in_use, platform, since, 9)) == ThreadsInUse([], since)
    assert await store.transact(lambda unit: unit.open_threads("slack", NOW, 1)) == ThreadsInUse(begun, later(30))


def in_use(platform: str, since: datetime, limit: int, unit: Unit) -> ThreadsInUse:
    return unit.open_threads(platform, since, limit)


async def test_a_busy_week_is_looked_at_from_its_end_and_how_far_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catching_up, "POSTS_A_THREAD", 1)
    opened = thread(state=ThreadState.OPEN, root=chat("1"))
    await save(store, known(threads=(opened,)))

    def posted(unit: Unit) -> None:
        for number in range(3):
            unit.save(Decision(posts=(post(f"p{number}"),)), later(number))

    await store.transact(posted)
    begun = [(chat("1"), opened.created_at)]
    assert await store.transact(partial(in_use, "slack", NOW, 2)) == ThreadsInUse(begun, later(1))
    assert await store.transact(partial(in_use, "slack", NOW, 4)) == ThreadsInUse(begun, NOW)


def note_seen(at: datetime, unit: Unit) -> None:
    unit.set_seen_until("main", at)


async def test_how_far_a_source_is_complete(store: Store) -> None:
    assert await store.transact(lambda unit: unit.seen_until("main")) is None
    for at in (later(5), later(3)):
        await store.transact(partial(note_seen, at))
    assert await store.transact(lambda unit: unit.seen_until("main")) == later(3)


async def test_texts_that_left_and_of_which_no_end_is_known(store: Store) -> None:
    def write(unit: Unit) -> None:
        unit.save(Decision(conversation=conversation(), contact=contact()), NOW)
        other = replace(conversation(1002), line="other")
        unit.save(Decision(conversation=other), NOW, conversation=1002)
        for number, status in enumerate((*MessageStatus,)):
            left = reply(f"m{number}", status=status, provider_id=f"SM{number}", settled_at=later(number))
            unit.save(Decision(messages=(left,)), NOW)
        unit.save(Decision(messages=(reply("x", 1002, status=MessageStatus.SENT, settled_at=NOW),)), NOW)

    def unreported(since: float, until: float, limit: int) -> Callable[[Unit], Sequence[LeftText]]:
        return lambda unit: unit.unreported("front-desk", later(since), later(until), limit)

    await store.transact(write)
    accepted, sent = (list(MessageStatus).index(status) for status in (MessageStatus.ACCEPTED, MessageStatus.SENT))
    both = [LeftText(f"m{number}", f"SM{number}", later(number)) for number in (accepted, sent)]
    assert await store.transact(unreported(-1, 100, 9)) == both
    assert await store.transact(unreported(-1, 100, 1)) == both[:1]
    assert await store.transact(unreported(accepted, 100, 9)) == both[1:]
    assert await store.transact(unreported(-1, sent - 1, 9)) == both[:1]


async def test_an_answer_about_a_text_is_for_the_message_asked_about_while_it_is_the_same_text(store: Store) -> None:
    await save(store, known(messages=(reply(status=MessageStatus.SENT, provider_id="SM2"),)))

    async def about(sid: str) -> State:
        told = DeliveryReported(account="main", external_id="x", provider_id=sid, status=MessageStatus.FAILED)
        return await store.transact(lambda unit: unit.load(replace(told, message="m1")))

    found = (await about("SM2")).message
    assert found is not None
    assert found.id == "m1"
    assert (await about("SM1")).message is None
