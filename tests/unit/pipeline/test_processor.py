"""Batches of inbox rows: decided, enqueued and marked together; a bad one is set aside."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.domain.conversations import Related, Reminder, State
from bridge.domain.events import Event, TimerFired
from bridge.domain.messages import Hold
from bridge.domain.policy import Policy
from bridge.pipeline import processor
from bridge.pipeline.in_force import InForce
from bridge.pipeline.processor import CARD_PATIENCE, POLL_SECONDS, Processor, Reader
from bridge.ports.errors import Unreadable
from bridge.ports.rows import InboxRow
from bridge.ports.store import StoreUnavailable
from tests.unit.pipeline.able import given
from tests.unit.pipeline.conftest import Start
from tests.unit.pipeline.scripted import Script, until
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.rules.builders import ANA, NOW, ROOT, edited, policy, posted, reply, state, text


def rows(*sources: str) -> list[InboxRow]:
    """Rows of these sources, oldest first."""
    return [
        InboxRow(id=n, source=source, external_id=f"x{n}", kind="event", received_at=NOW, attempts=0, body=b"")
        for n, source in enumerate(sources)
    ]


def of(*events: Event) -> Reader:
    return lambda _row: events


def failing(problem: Exception) -> Reader:
    def read(_row: InboxRow) -> Sequence[Event]:
        return given(problem)

    return read


def processing(script: Script, readers: Mapping[str, Reader], down: int = 0) -> tuple[Processor, ScriptedStore]:
    store = ScriptedStore(script, down=down)
    return Processor(store.port, readers, InForce(policy()), lambda: NOW), store


def test_a_first_text_opens_a_conversation_with_a_fresh_number() -> None:
    script = Script(inbox=rows("provider:main"))
    assert processing(script, {"provider:main": of(text())})[0].batch(script.unit) == 1
    [saved] = script.saved
    assert saved.conversation is not None
    assert saved.conversation.number == 1042
    assert [draft.kind for draft in script.enqueued] == ["OpenThread", "PostText"]
    assert [row.id for row in script.done] == [0]


def test_an_empty_inbox_is_no_work() -> None:
    script = Script()
    assert processing(script, {})[0].batch(script.unit) == 0
    assert (script.saved, script.done) == ([], [])


def test_a_further_text_stays_in_its_conversation() -> None:
    script = Script(inbox=rows("provider:main"), state=state())
    processing(script, {"provider:main": of(text())})[0].batch(script.unit)
    assert "OpenThread" not in [draft.kind for draft in script.enqueued]
    assert {draft.conversation for draft in script.enqueued} == {1042}


def test_a_reminder_is_read_when_it_is_due() -> None:
    reminder = Reminder(id="r1", conversation=1042, person=ANA.key, words="call", due=NOW, created_at=NOW)
    fired = TimerFired(external_id="t", kind="reminder", conversation=1042, subject="r1")
    script = Script(inbox=rows("own"), state=state(), reminders_=[reminder])
    processing(script, {"own": of(fired)})[0].batch(script.unit)
    assert [draft.kind for draft in script.enqueued] == ["PostNote"]


def test_a_refusal_reaches_the_contacts_other_conversations() -> None:
    known = state()
    assert known.conversation is not None
    assert known.contact is not None
    others = [
        Related(conversation=replace(known.conversation, number=number), contact=known.contact)
        for number in (1042, 1001, 1000)
    ]
    script = Script(inbox=rows("provider:main"), state=replace(known, via=others[1]), elsewhere_=others)
    processing(script, {"provider:main": of(text("STOP"))})[0].batch(script.unit)
    [saved] = script.saved
    assert {one.number for one in saved.others} == {1001, 1000}


def test_a_text_that_is_known_opens_nothing() -> None:
    script = Script(inbox=rows("provider:main"), state=state(reply()))
    processing(script, {"provider:main": of(text())})[0].batch(script.unit)
    assert script.enqueued == []
    assert [row.id for row in script.done] == [0]


def test_a_text_to_no_line_of_ours_is_kept_for_a_person() -> None:
    script = Script(inbox=rows("provider:main"))
    processing(script, {"provider:main": of(text(recipient="+15559999999"))})[0].batch(script.unit)
    assert [problem.partition(":")[0] for _, problem in script.aside] == ["NoSuchLine"]
    assert script.done == []
    [told] = script.enqueued
    assert (told.kind, told.target, told.conversation) == ("TellRoom", "room:slack/C1", 0)
    assert "no line has the address +15559999999 on account main. It is kept." in str(told.payload["note"])


def test_a_crowd_of_bad_rows_is_told_once_in_ten_minutes_and_a_source() -> None:
    clock = [NOW]
    script = Script(inbox=rows("provider:main", "provider:main", "chat:slack", "own"))
    bad = failing(ValueError("words of a contact"))
    running = Processor(
        ScriptedStore(script).port,
        {"provider:main": bad, "chat:slack": bad, "own": bad},
        InForce(policy()),
        lambda: clock[0],
    )
    running.batch(script.unit)
    assert len(script.aside) == 4
    assert [draft.kind for draft in script.enqueued] == ["TellRoom"] * 3
    assert "words of a contact" not in str(script.enqueued)
    for later, told in ((timedelta(minutes=9), 3), (timedelta(minutes=10, seconds=1), 4), (timedelta(), 5)):
        clock[0] = NOW + later
        script.inbox = rows("provider:main")
        running.batch(script.unit)
        assert len(script.enqueued) == told


def test_what_is_set_aside_where_no_line_has_a_room_is_told_nobody() -> None:
    script = Script(inbox=rows("provider:main"))
    store = ScriptedStore(script)
    bad = failing(RuntimeError("a bug"))
    Processor(store.port, {"provider:main": bad}, InForce(Policy(lines={})), lambda: NOW).batch(script.unit)
    assert (len(script.aside), script.enqueued) == (1, [])


def test_an_edit_within_the_undo_window_moves_the_waiting_row() -> None:
    held = reply(hold=Hold.UNDO, release_at=NOW + timedelta(seconds=1))
    script = Script(inbox=rows("chat:slack"), state=state(held))
    processing(script, {"chat:slack": of(edited("Other words"))})[0].batch(script.unit)
    assert [message for message, _ in script.moved] == ["m1"]
    assert script.moved[0][1] > NOW + timedelta(seconds=1)


def test_a_post_in_a_thread_nobody_knows_yet_leaves_no_trace_that_would_hide_it_when_the_thread_is_read() -> None:
    script = Script(inbox=rows("chat:slack"))
    processing(script, {"chat:slack": of(posted("Hello"))})[0].batch(script.unit)
    assert script.forgotten == [0]
    for known, event in ((state(), posted("Hello")), (State(), posted("Hello", thread=None))):
        script = Script(inbox=rows("chat:slack"), state=known)
        processing(script, {"chat:slack": of(event)})[0].batch(script.unit)
        assert script.forgotten == []


def test_a_post_in_a_thread_that_may_hang_from_a_card_on_its_way_has_the_thread_read() -> None:
    script = Script(inbox=rows("chat:slack"), awaited={"room:slack/C1"})
    rereading(script, posted("Hello")).batch(script.unit)
    assert (script.forgotten, list(script.unread)) == ([0], [ROOT])
    script = Script(inbox=rows("chat:slack"))
    rereading(script, posted("Hello")).batch(script.unit)
    assert (script.forgotten, script.unread) == ([0], {})


def test_what_comes_live_in_a_thread_that_must_be_read_first_is_taken_in_as_it_is_read() -> None:
    script = Script(inbox=rows("chat:slack"), state=state(), unread={ROOT: NOW})
    rereading(script, posted("Hello")).batch(script.unit)
    assert (script.forgotten, script.saved) == ([0], [])
    script = Script(inbox=rows("chat:slack"), state=state(), unread={ROOT: NOW})
    rereading(script, replace(posted("Hello"), recovered=True)).batch(script.unit)
    assert script.forgotten == []
    assert script.saved


def test_where_threads_cannot_be_read_a_reply_waits_for_the_card_on_its_way_but_not_for_ever() -> None:
    def handled(awaited: set[str], age: timedelta = timedelta()) -> Script:
        script = Script(inbox=rows("chat:slack"), awaited=awaited)
        readers = {"chat:slack": of(posted("Hello"))}
        clock = NOW + age
        Processor(ScriptedStore(script).port, readers, InForce(policy()), lambda: clock).batch(script.unit)
        return script

    waits = handled({"room:slack/C1"})
    assert (waits.forgotten, waits.done, waits.saved) == ([], [], [])
    assert handled(set()).forgotten == [0]
    assert handled({"room:slack/C1"}, CARD_PATIENCE + timedelta(seconds=1)).forgotten == [0]


def rereading(script: Script, event: Event) -> Processor:
    """A processor of a platform whose threads can be read."""
    readers = {"chat:slack": of(event)}
    return Processor(ScriptedStore(script).port, readers, InForce(policy()), lambda: NOW, rereads={"slack"})


def test_a_bad_row_is_set_aside_and_the_others_are_handled() -> None:
    script = Script(inbox=rows("bad", "unsaid", "our words", "own words", "good"))
    reading = {
        "bad": failing(LookupError("row 0 holds no event of this version")),
        "unsaid": failing(ValueError("words of a contact")),
        "our words": failing(Unreadable("no field From")),
        "own words": failing(RuntimeError("words of a contact")),
        "good": of(),
    }
    assert processing(script, reading)[0].batch(script.unit) == 5
    assert script.aside == [
        (0, "LookupError: row 0 holds no event of this version"),
        (1, "ValueError"),
        (2, "Unreadable: no field From"),
        (3, "RuntimeError"),
    ]
    assert [row.id for row in script.done] == [4]


def test_when_every_row_is_bad_nothing_is_marked_handled() -> None:
    script = Script(inbox=rows("bad"))
    processing(script, {"bad": failing(RuntimeError("a bug"))})[0].batch(script.unit)
    assert script.done == []
    assert len(script.aside) == 1


def test_a_database_that_is_gone_sets_nothing_aside() -> None:
    script = Script(inbox=rows("gone"))
    with pytest.raises(StoreUnavailable):
        processing(script, {"gone": failing(StoreUnavailable("gone"))})[0].batch(script.unit)
    ends: list[Exception] = [RuntimeError("a bug"), StoreUnavailable("gone")]
    script = Script(inbox=rows("then gone"))
    with pytest.raises(StoreUnavailable):
        processing(script, {"then gone": lambda _row: given(ends.pop(0))})[0].batch(script.unit)
    assert script.aside == []


async def test_full_batches_follow_each_other_and_then_new_rows_are_waited_for(
    start: Start, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processor, "BATCH", 2)
    script = Script(inbox=rows("a", "a", "a"))
    running, store = processing(script, {"a": of()}, down=1)
    start(running.run())
    await until(lambda: store.waits)
    assert pauses == [1.0]
    assert script.done == []
    store.news.set()
    await until(lambda: len(store.waits) == 2)
    assert [row.id for row in script.done] == [0, 1, 2]
    assert store.waits == [("inbox", POLL_SECONDS, None)] * 2
