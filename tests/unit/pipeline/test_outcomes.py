"""What follows from the end of a call."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.events import PostSettled, SendSettled
from bridge.domain.messages import Mark
from bridge.domain.people import ChatRef
from bridge.observability import ALARMS
from bridge.pipeline.calls import Call, Fetched, Lingering, nothing
from bridge.pipeline.outcomes import FETCH_SECONDS, LOOK_UP_LIMIT_SECONDS, failed, looked_up, succeeded
from bridge.pipeline.payloads import from_ref
from bridge.ports.errors import CredentialsRejected, MediaRefused, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.platform import Posted
from bridge.ports.provider import SendReceipt
from tests.unit.pipeline.able import PICTURE
from tests.unit.pipeline.scripted import row
from tests.unit.rules.builders import NOW

MINUTE = timedelta(minutes=1)


def call(kind: str = "SendText", payload: dict[str, object] | None = None, **changed: Any) -> Call:
    """A call of such a row; fields of ``Call`` go to it, the others to the row."""
    own = {name: changed.pop(name) for name in list(changed) if name in Call.__dataclass_fields__}
    return Call(row=row(kind, payload, **changed), run=nothing, **own)


def alarm_of(what: str, where: str) -> float:
    return ALARMS.labels(what, where)._value.get()


async def test_what_finds_nothing_finds_nothing() -> None:
    assert await nothing() is None


def test_an_accepted_text_tells_its_number_and_segments() -> None:
    settled = succeeded(call(), SendReceipt("SM1", 2), NOW).settlement
    assert settled.status == "done"
    assert isinstance(settled.event, SendSettled)
    assert (settled.event.outcome, settled.event.provider_id, settled.event.segments) == ("accepted", "SM1", 2)


@pytest.mark.parametrize("kind", ["SendText", "PostMedia"])
def test_fetched_files_are_kept_and_their_row_goes_on_at_once(kind: str) -> None:
    files = Fetched({0: PICTURE})
    ending = succeeded(call(kind), files, NOW)
    assert (ending.settlement.status, ending.settlement.next_at, ending.fetched) == ("pending", NOW, files)


def test_a_card_posted_on_the_way_leaves_its_row_waiting() -> None:
    root = ChatRef("slack", "C1", "9.0")
    settled = succeeded(call("PostText", more=True, root_of="t1", role="card"), root, NOW).settlement
    assert (settled.status, settled.next_at, settled.posted, settled.root_of) == ("pending", NOW, root, "t1")


def test_a_post_is_kept_with_where_it_stands() -> None:
    settled = succeeded(call("PostText"), Posted(ChatRef("slack", "C1", "9.0"), NOW), NOW).settlement
    assert settled.posted == ChatRef("slack", "C1", "9.0")


def test_a_private_answer_is_tried_once() -> None:
    settled = failed(call("AnswerPrivately", once=True), SendDeferred("busy"), NOW).settlement
    assert (settled.status, settled.problem) == ("skipped", "SendDeferred")


@pytest.mark.parametrize("whole", [True, False])
def test_a_deferred_call_waits_as_long_as_asked_and_its_target_with_it_if_all_of_it_is_limited(whole: bool) -> None:
    ending = failed(call(), SendDeferred("busy", 30.0, whole_target=whole), NOW)
    at = ending.settlement.next_at
    assert ending.settlement.status == "pending"
    assert at is not None
    assert at >= NOW + timedelta(seconds=30)
    assert ending.rest_until == (at if whole else None)


def test_a_look_up_that_fails_looks_again_after_what_was_asked() -> None:
    problem = SendDeferred("busy", 40.0)
    settled = failed(call(status="checking", find=nothing, attempted_at=NOW), problem, NOW).settlement
    assert (settled.status, settled.problem, settled.event) == ("checking", "SendDeferred", None)
    assert settled.next_at is not None
    assert settled.next_at >= NOW + timedelta(seconds=40)


def test_a_look_up_with_refused_credentials_raises_the_alarm_and_looks_again() -> None:
    looking = call("PostText", status="checking", find=nothing, target="room:slack/refused")
    assert failed(looking, CredentialsRejected("no"), NOW).settlement.status == "checking"
    assert alarm_of("credentials refused", "room:slack/refused") == 1


def test_a_text_that_cannot_be_looked_up_for_long_is_left_to_a_person_but_a_post_is_not() -> None:
    late = NOW + timedelta(seconds=LOOK_UP_LIMIT_SECONDS + 1)
    text = call(status="checking", find=nothing, attempted_at=NOW)
    settled = failed(text, SendDeferred("busy"), late).settlement
    assert settled.status == "unknown"
    assert isinstance(settled.event, SendSettled)
    assert settled.event.outcome == "unknown"
    post = call("PostText", status="checking", find=nothing, attempted_at=NOW)
    assert failed(post, SendDeferred("busy"), late).settlement.status == "checking"


def test_a_text_not_found_is_looked_up_some_times_and_then_left_to_a_person() -> None:
    first = looked_up(call(status="checking", attempted_at=NOW), None, NOW)
    last = looked_up(call(status="checking", attempted_at=NOW, checks=9), None, NOW)
    assert first is not None
    assert (first.settlement.status, first.settlement.next_at) == ("checking", NOW + timedelta(seconds=5))
    assert last is not None
    assert last.settlement.status == "unknown"


def test_a_post_not_found_at_last_may_be_posted_again_and_one_found_is_done() -> None:
    assert looked_up(call("PostText", checks=9), None, NOW) is None
    found = looked_up(call("PostText", role="text"), ChatRef("slack", "C1", "5.0"), NOW)
    assert found is not None
    assert (found.settlement.status, found.settlement.role) == ("done", "text")


def test_a_refused_text_tells_the_providers_reason() -> None:
    settled = failed(call(), SendRejected("21610", "Unsubscribed."), NOW).settlement
    assert settled.status == "failed"
    assert isinstance(settled.event, SendSettled)
    assert (settled.event.outcome, settled.event.code, settled.event.reason) == ("rejected", "21610", "Unsubscribed.")


def test_a_text_refused_because_the_contact_opted_out_says_so() -> None:
    settled = failed(call(), SendRejected("21610", "Unsubscribed.", opted_out=True), NOW).settlement
    assert isinstance(settled.event, SendSettled)
    assert settled.event.opted_out


@pytest.mark.parametrize("kind", ["SetMark", "UpdateNote"])
@pytest.mark.parametrize("gone", ["message", "room"])
def test_a_mark_on_what_is_gone_is_no_failure(kind: str, gone: Any) -> None:
    settled = failed(call(kind, {"ref": ["slack", "C1", "5.0"]}), SendRejected("x", "Gone.", gone=gone), NOW).settlement
    assert (settled.status, settled.problem, settled.event) == ("skipped", "x", None)


def test_a_mark_left_beside_a_newer_one_gets_a_row_of_its_own() -> None:
    ref = ChatRef("slack", "C1", "5.0")
    ending = succeeded(call("SetMark", shown=(ref, Mark.ACCEPTED)), Lingering(ref, Mark.HELD), NOW)
    assert (ending.settlement.status, ending.settlement.shown) == ("done", (ref, Mark.ACCEPTED))
    [draft] = ending.then
    assert (draft.kind, draft.target, draft.lane) == ("ClearMark", "unmark:slack", "1042:unmark:slack")
    assert draft.payload == {"ref": from_ref(ref), "mark": "held"}


def test_a_note_in_a_room_that_is_gone_is_a_failure() -> None:
    lost = failed(call("TellRoom", {"room": "C1"}), SendRejected("is_archived", "Archived.", gone="room"), NOW)
    assert lost.settlement.status == "failed"


def test_a_refused_mark_fails_silently() -> None:
    settled = failed(call("SetMark", {"ref": ["slack", "C1", "1"]}), SendRejected("no_reaction", "No."), NOW).settlement
    assert (settled.status, settled.problem, settled.event) == ("failed", "no_reaction", None)


def test_a_post_whose_thread_is_gone_waits_for_the_thread_that_follows() -> None:
    settled = failed(call("PostText"), SendRejected("thread_not_found", "Gone.", gone="thread"), NOW).settlement
    assert settled.status == "pending"
    assert isinstance(settled.event, PostSettled)
    assert (settled.event.gone, settled.event.thread, settled.event.message) == (True, "t1", "m1")


def test_a_post_refused_for_itself_fails_and_tells_so() -> None:
    settled = failed(call("PostNote", thread="t2"), SendRejected("too_long", "Too long."), NOW).settlement
    assert settled.status == "failed"
    assert isinstance(settled.event, PostSettled)
    assert (settled.event.gone, settled.event.thread, settled.event.message) == (False, "t2", None)


def test_an_unusable_room_stops_its_own_worker_but_not_the_one_of_all_cards() -> None:
    gone = SendRejected("is_archived", "Archived.", gone="room")
    in_room = failed(call("PostText", target="room:slack/archived"), gone, NOW)
    of_cards = failed(call("UpdateCard", target="card:slack"), gone, NOW)
    assert in_room.settlement.status == of_cards.settlement.status == "pending"
    assert in_room.rest_until == in_room.settlement.next_at
    assert of_cards.rest_until is None
    assert alarm_of("room unusable", "room:slack/archived") == 1
    assert alarm_of("room unusable", "card:slack") == 0


def test_a_room_is_tried_soon_after_it_closed_and_then_more_and_more_rarely() -> None:
    gone = SendRejected("M_FORBIDDEN", "Not in the room.", gone="room")
    waits = [
        ending.rest_until - NOW
        for attempts in (1, 4, 8, 40)
        if (ending := failed(call("PostText", target="room:matrix/!a", attempts=attempts), gone, NOW)).rest_until
    ]
    assert waits == sorted(waits)
    assert waits[0] <= timedelta(seconds=1)
    assert waits[-2:] == [MINUTE, MINUTE]


def test_a_refused_file_says_why_in_the_thread_and_is_never_fetched_again() -> None:
    ending = failed(call("PostMedia", {"thread": "t1", "index": 2}), MediaRefused("it is too large"), NOW)
    assert ending.settlement.status == "failed"
    assert isinstance(ending.settlement.event, PostSettled)
    assert "it is too large" in ending.settlement.event.reason
    assert ending.fetched == Fetched({2: "it is too large"})


def test_a_file_that_is_late_is_waited_for_and_then_given_up() -> None:
    waiting = call("PostMedia", {"thread": "t1", "index": 0}, fetches=(0,))
    soon = failed(waiting, SendDeferred("not there yet"), NOW)
    assert (soon.settlement.status, soon.settlement.next_at) == ("pending", NOW + timedelta(seconds=1))
    given_up = failed(waiting, SendDeferred("not there yet"), NOW + timedelta(seconds=FETCH_SECONDS))
    assert given_up.settlement.status == "failed"
    assert given_up.fetched is not None
    assert set(given_up.fetched.files) == {0}


def test_files_of_a_reply_that_never_come_are_given_up_and_the_reply_is_decided_anew() -> None:
    late = NOW + timedelta(seconds=FETCH_SECONDS)
    ending = failed(call(fetches=(0, 2)), SendDeferred("not there yet"), late)
    assert (ending.settlement.status, ending.settlement.next_at) == ("pending", late)
    assert ending.fetched is not None
    assert set(ending.fetched.files) == {0, 2}


def test_refused_credentials_stop_the_target_and_only_a_text_tells_its_thread() -> None:
    text = failed(call(target="line:refused"), CredentialsRejected("no"), NOW)
    post = failed(call("PostText", target="room:slack/C2"), CredentialsRejected("no"), NOW)
    assert text.rest_until == post.rest_until == NOW + MINUTE
    assert isinstance(text.settlement.event, SendSettled)
    assert text.settlement.event.outcome == "credentials"
    assert post.settlement.event is None
    assert alarm_of("credentials refused", "line:refused") == 1


def test_a_call_of_unknown_outcome_is_looked_up_and_one_that_may_be_repeated_is_repeated() -> None:
    lost = failed(call(find=nothing), SendOutcomeUnknown("no answer"), NOW).settlement
    assert (lost.status, lost.next_at) == ("checking", NOW + timedelta(seconds=5))
    post = failed(call("PostText", find=nothing), SendOutcomeUnknown("no answer"), NOW).settlement
    assert (post.status, post.next_at) == ("checking", NOW + timedelta(seconds=2))
    repeated = failed(call("UpdateCard"), SendOutcomeUnknown("no answer"), NOW).settlement
    assert repeated.status == "pending"
    assert repeated.next_at is not None
    assert repeated.next_at > NOW


def test_an_unforeseen_error_raises_an_alarm_and_counts_as_unknown() -> None:
    bug = failed(replace(call(find=nothing), row=row(kind="Odd")), RuntimeError("a bug"), NOW).settlement
    assert (bug.status, bug.problem) == ("checking", "RuntimeError")
    assert alarm_of("unforeseen error", "Odd") == 1
