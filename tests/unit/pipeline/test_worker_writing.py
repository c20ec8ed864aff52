"""What a worker writes down about rows it planned and carried out."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bridge.domain.messages import Mark, Media, MessageStatus
from bridge.observability import ALARMS
from bridge.pipeline.calls import Call, Fetched, Planned, nothing, skip
from bridge.pipeline.enqueue import clear_mark
from bridge.pipeline.outcomes import Ending
from bridge.ports.rows import OutboxRow, Settlement
from bridge.ports.store import StoreUnavailable
from tests.unit.pipeline.able import PICTURE
from tests.unit.pipeline.scripted import Script, row
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.pipeline.working import SENDING, Plans, T, ended, working, write
from tests.unit.rules.builders import NOW, REPLY, reply, state


def test_a_row_that_cannot_be_planned_fails_and_holds_up_no_other() -> None:
    script, plans = Script(rows=[row("Unknown", key="bad"), row("Unknown", key="old"), row()]), Plans()

    def plan(claimed: OutboxRow) -> Planned:
        if claimed.key == "bad":
            raise KeyError(claimed.kind)
        return skip(claimed) if claimed.key == "old" else Call(row=claimed, run=nothing)

    plans.plan_as = plan
    calls, _, more = working(ScriptedStore(), plans)._turn(script.unit, [], 3)
    assert [(call.row.key, call.row.status) for call in calls] == [("k1", "in_flight")]
    assert more
    assert [(one.row.key, one.status, one.problem) for one in script.settled] == [
        ("bad", "failed", "KeyError"),
        ("old", "skipped", None),
    ]
    assert ALARMS.labels("unforeseen error", "Unknown")._value.get() == 1


def test_a_database_that_is_gone_while_planning_fails_no_row() -> None:
    script, plans = Script(rows=[row()]), Plans()

    def plan(_claimed: OutboxRow) -> Planned:
        raise StoreUnavailable("gone")

    plans.plan_as = plan
    with pytest.raises(StoreUnavailable):
        working(ScriptedStore(), plans)._turn(script.unit, [], 1)
    assert script.settled == []


def test_a_transaction_that_broke_off_while_planning_blames_no_row() -> None:
    class Broken(Script):
        def savepoint(self, work: Callable[[], T]) -> T:
            raise RuntimeError("current transaction is aborted")

    script, plans = Broken(rows=[row()]), Plans()

    def plan(claimed: OutboxRow) -> Planned:
        raise KeyError(claimed.kind)

    plans.plan_as = plan
    with pytest.raises(KeyError):
        working(ScriptedStore(), plans)._turn(script.unit, [], 1)
    assert script.settled == []


def test_a_row_somebody_else_claimed_meanwhile_is_not_called_but_a_look_up_is() -> None:
    script, plans = Script(rows=[row(), row(key="k2", status="checking")], begins=False), Plans()
    calls, _, _ = working(ScriptedStore(), plans)._turn(script.unit, [], 4)
    assert [call.row.key for call in calls] == ["k2"]


def test_a_call_that_only_fetches_does_not_begin() -> None:
    script, plans = Script(rows=[row()], begins=False), Plans()
    plans.plan_as = lambda claimed: Call(row=claimed, run=nothing, begins=False)
    calls, _, _ = working(ScriptedStore(), plans)._turn(script.unit, [], 4)
    assert [call.row.status for call in calls] == ["preparing"]


async def test_a_look_up_that_finds_nothing_looks_again_or_lets_a_post_be_repeated() -> None:
    worker = working(ScriptedStore(), Plans())
    again = await worker._ending(Call(row=row(status="checking", attempted_at=NOW), run=nothing, find=nothing))
    assert again.settlement.status == "checking"
    gone = row("PostNote", status="checking", checks=9)
    repeated = await worker._ending(Call(row=gone, run=nothing, find=nothing))
    assert (repeated.settlement.status, repeated.settlement.row.status) == ("pending", "pending")
    assert repeated.settlement.next_at == NOW


def test_fetched_files_are_kept_and_refusals_noted() -> None:
    files = (Media("F0", "image/png"), Media("F1", "image/png"), Media("F2", "image/png"))
    script = Script(state=state(replace(SENDING, status=MessageStatus.QUEUED, media=files)))
    write(script, ended(fetched=Fetched({0: PICTURE, 2: "it is too large"})))
    assert script.media == {"m1/0": PICTURE}
    [message] = script.saved[0].messages
    assert [(kept.stored, kept.content_type, kept.size, kept.refused) for kept in message.media] == [
        ("m1/0", "image/jpeg", len(PICTURE.data), None),
        (None, "image/png", 0, None),
        (None, "image/png", 0, "it is too large"),
    ]


def test_files_of_a_message_that_is_no_more_are_dropped() -> None:
    script = Script(state=state())
    write(script, ended("done", Fetched({0: PICTURE}), kind="PostMedia"))
    assert (script.media, script.saved) == ({}, [])
    assert [settled.status for settled in script.settled] == ["done"]


def test_a_text_that_certainly_did_not_leave_can_be_stopped_again() -> None:
    script = Script(state=state(SENDING))
    write(script, ended())
    assert [message.status for saved in script.saved for message in saved.messages] == [MessageStatus.QUEUED]


@pytest.mark.parametrize("status", [MessageStatus.CANCELLED, MessageStatus.HELD])
def test_a_text_that_was_stopped_meanwhile_stays_so(status: MessageStatus) -> None:
    script = Script(state=state(reply(status=status)))
    write(script, ended())
    assert script.saved == []


def test_rows_that_follow_from_an_ending_are_enqueued_with_it() -> None:
    script = Script()
    follow = clear_mark(1042, REPLY, Mark.HELD)
    write(script, Ending(settlement=Settlement(row=row(), status="done"), then=(follow,)))
    assert script.enqueued == [follow]
    write(script, Ending(settlement=Settlement(row=row(), status="done")))
    assert script.enqueued == [follow]
