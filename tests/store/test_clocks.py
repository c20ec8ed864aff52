"""Times to keep: how long conversations have waited, and the timers that watch them."""

from collections.abc import Callable
from datetime import timedelta

from bridge.domain.clocks import STOPPED, Clock, Clocks
from bridge.domain.conversations import ConversationStatus
from bridge.domain.decision import Decision
from bridge.domain.effects import ArmTimer
from bridge.ports.store import Store, Unit
from tests.store.builders import NOW, conversation, known, later, save

COUNTED = Clocks(
    running_since=later(7),
    response=Clock(spent=timedelta(days=40, microseconds=1), told=2),
    resolution=Clock(spent=timedelta(minutes=9), told=1),
)


async def test_clocks_are_kept_to_the_microsecond(store: Store) -> None:
    standing = Clocks(response=Clock(spent=timedelta(seconds=3)))
    for clocks in (COUNTED, standing, STOPPED):
        timed = conversation(sla="fast", clocks=clocks, breached_at=later(9))
        await save(store, known(conversation=timed))
        state = await store.transact(lambda unit: unit.load_conversation(1001))
        assert state.conversation == timed


async def timers(store: Store) -> set[tuple[str, int, float]]:
    due = await store.transact(lambda unit: unit.due_timers(later(1000), 99))
    assert all(timer.subject == str(timer.conversation) for timer in due)
    return {(timer.kind, timer.conversation, (timer.due - NOW).total_seconds()) for timer in due}


async def test_timers_of_other_conversations_are_theirs(store: Store) -> None:
    arm = ArmTimer("sla_response", "1002", later(1), 1002)
    await save(store, known(conversation=conversation(1001), effects=(arm,)))
    assert await timers(store) == {("sla_response", 1002, 1.0)}


async def test_every_open_conversation_of_a_line_is_watched(store: Store) -> None:
    closed = ConversationStatus.CLOSED
    await save(
        store,
        known(
            conversation=conversation(1, waiting_since=NOW),
            threads=(),
            effects=(ArmTimer("sla_response", "1", later(500)),),
        ),
        Decision(conversation=conversation(2, waiting_since=NOW)),
        Decision(conversation=conversation(3)),
        Decision(conversation=conversation(4), effects=(ArmTimer("closing", "4", later(500)),)),
        Decision(conversation=conversation(10), effects=(ArmTimer("closing", "10", later(501)),)),
        Decision(conversation=conversation(5, line="other", waiting_since=NOW)),
        Decision(conversation=conversation(6, line="other")),
        Decision(conversation=conversation(7, status=closed, waiting_since=NOW)),
        Decision(conversation=conversation(8, status=closed)),
        Decision(conversation=conversation(9, waiting_since=NOW, opted_out=True)),
    )
    for _ in range(2):
        await store.transact(lambda unit: unit.watch("sla_response", ["front-desk"], later(2)))
        await store.transact(lambda unit: unit.watch("closing", ["front-desk"], later(2), latest=later(500)))
    assert await timers(store) == {
        ("sla_response", 1, 2.0),
        ("sla_response", 2, 2.0),
        ("sla_response", 9, 2.0),  # finds out itself that it stands
        ("closing", 3, 2.0),
        ("closing", 4, 500.0),
        ("closing", 9, 2.0),
        ("closing", 10, 2.0),
    }


async def test_a_timer_of_a_room_is_moved_unless_it_is_overdue(store: Store) -> None:
    def arm(now: float, due: float) -> Callable[[Unit], None]:
        return lambda unit: unit.arm("digest", "slack/C1", later(now), later(due))

    await store.transact(arm(0, 9))
    await store.transact(arm(1, 20))
    assert await store.transact(lambda unit: unit.next_timer()) == later(20)
    await store.transact(arm(20, 90))
    (due,) = await store.transact(lambda unit: unit.due_timers(later(20), 9))
    assert (due.kind, due.subject, due.conversation, due.due) == ("digest", "slack/C1", 0, later(20))


async def test_who_opted_out_lately_is_counted(store: Store) -> None:
    gone = {"opted_out": True}
    await save(
        store,
        known(conversation=conversation(1, last_inbound_at=later(5), **gone), threads=()),
        Decision(conversation=conversation(2, last_inbound_at=later(9), **gone)),
        Decision(conversation=conversation(3, last_inbound_at=later(9))),
        Decision(conversation=conversation(4, last_inbound_at=later(9), line="other", **gone)),
        Decision(conversation=conversation(5, **gone)),
    )
    assert await store.transact(lambda unit: unit.opted_out(["front-desk"], later(6))) == 1
    assert await store.transact(lambda unit: unit.opted_out(["front-desk", "other"], later(5))) == 3
