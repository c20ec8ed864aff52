"""What an operator does about stuck calls."""

import pytest

from bridge.domain.effects import DisarmTimer, Record
from bridge.domain.messages import Hold, Message, MessageStatus
from bridge.pipeline.remedies import on_record, send_again, stop
from tests.unit.pipeline.scripted import Script
from tests.unit.rules.builders import NOW, asked, guarded, reply, state


@pytest.mark.parametrize("status", [MessageStatus.FAILED, MessageStatus.UNKNOWN])
def test_a_reply_that_did_not_arrive_is_queued_again_with_a_new_ticket(status: MessageStatus) -> None:
    script = Script(state=asked(reply(status=status, hold=None, ticket=1, error_code="30003", provider_id="SM1")))
    assert send_again(script.unit, "m1", NOW)
    [saved] = script.saved
    [message] = saved.messages
    assert (message.status, message.ticket, message.error_code, message.provider_id) == (
        MessageStatus.QUEUED,
        2,
        None,
        None,
    )
    sends = [draft for draft in script.enqueued if draft.kind == "SendText"]
    assert [(draft.target, draft.payload) for draft in sends] == [("line:front-desk", {"ticket": 2})]
    assert "UpdateNote" in [draft.kind for draft in script.enqueued]
    assert Record("sent_again", "operator", "cli", "m1") in saved.effects


@pytest.mark.parametrize("message", [None, reply(status=MessageStatus.DELIVERED, hold=None), reply()])
def test_what_arrived_or_waits_is_not_sent_again(message: Message | None) -> None:
    script = Script(state=state(message))
    assert not send_again(script.unit, "m1", NOW)
    assert (script.saved, script.enqueued) == ([], [])


@pytest.mark.parametrize("message", [reply(), reply(status=MessageStatus.QUEUED, hold=None)])
def test_a_reply_that_has_not_left_is_stopped(message: Message) -> None:
    script = Script(state=asked(message))
    assert stop(script.unit, "m1", 1, NOW)
    [saved] = script.saved
    assert [kept.status for kept in saved.messages] == [MessageStatus.CANCELLED]
    assert Record("dropped", "operator", "cli", "m1") in saved.effects
    assert any(isinstance(effect, DisarmTimer) for effect in saved.effects)
    assert "UpdateNote" in [draft.kind for draft in script.enqueued]


@pytest.mark.parametrize(
    "message",
    [None, reply(ticket=2), reply(status=MessageStatus.SENDING, hold=None), reply(hold=Hold.CONFIRM), guarded()],
)
def test_what_left_was_let_go_anew_or_waits_for_a_person_is_not_stopped(message: Message | None) -> None:
    script = Script(state=state(message))
    assert not stop(script.unit, "m1", 1, NOW)
    assert (script.saved, script.enqueued) == ([], [])


def test_an_act_that_changes_no_message_is_put_on_record() -> None:
    script = Script()
    on_record(script.unit, "replayed", NOW, detail="12 rows")
    assert script.saved[0].effects == (Record("replayed", "operator", "cli", None, "12 rows"),)
