"""What timers recall: replies that are still held."""

from bridge.domain.effects import PostNote
from bridge.domain.events import TimerFired
from bridge.domain.messages import Hold, MessageStatus
from tests.unit.rules.builders import (
    acts,
    conversation,
    done,
    guarded,
    kinds,
    reply,
    state,
    thread,
)

FIRED = TimerFired(external_id="t", kind="held", conversation=1042, subject="m1")


def test_a_reply_still_held_is_recalled_once() -> None:
    decision = done(state(guarded()), FIRED)
    reminder = decision.effects[0]
    assert isinstance(reminder, PostNote)
    assert reminder.note.text == "⏳ Still not sent: “Yes, until six”. Send it or keep it internal?"
    assert acts(decision) == ["reminded"]


def test_reminders_of_several_held_replies_say_which_is_meant() -> None:
    held = [guarded(body=body, id=f"m{at}") for at, body in enumerate(("he never pays", "Yes, at `noon`\ufffc", ""))]
    effects = [done(state(message), FIRED).effects[0] for message in held]
    said = [effect.note.text for effect in effects if isinstance(effect, PostNote)]
    assert [text.split(": ")[1].split(". ")[0] for text in said] == ["“he never pays”", "“Yes, at 'noon'”", "a file"]


def test_a_late_timer_says_nothing_wrong() -> None:
    assert done(state(reply()), FIRED).effects == ()
    assert done(state(reply(status=MessageStatus.SENT)), FIRED).effects == ()
    assert done(state(), FIRED).effects == ()
    assert done(state(guarded(), threads=()), FIRED).effects == ()


def test_a_correction_is_recalled_in_any_thread() -> None:
    correction = reply(hold=Hold.CONFIRM, origin=None)
    assert kinds(done(state(correction, threads=(thread(room="C9"),)), FIRED)) == ["PostNote", "Record"]
    assert done(state(conversation=conversation()), FIRED).effects == ()
