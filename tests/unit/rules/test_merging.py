"""Merging: the cases that the flow tests do not tell apart."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.content import Mention
from bridge.domain.conversations import ConversationStatus, Related, State
from bridge.domain.effects import DisarmTimer, OpenForm, UpdateCard
from bridge.domain.people import Contact, Person
from bridge.rules import merging_words as words
from bridge.rules.naming import Asked, asks_for
from bridge.rules.permission import may_see
from tests.unit.rules.builders import (
    ANA,
    NOW,
    conversation,
    done,
    guarded,
    kinds,
    line,
    policy,
    posted,
    pressed,
    reacted,
    reply,
    state,
    thread,
)
from tests.unit.rules.families import (
    SECOND,
    after,
    apart,
    left,
    merged,
    notes,
    records,
    related,
    second,
    second_thread,
    unchanged,
)
from tests.unit.rules.teams import BEN, WITH, decided, given, private, submitted

GRANDMA = "+15550100400"


# merging


def test_a_merge_is_told_in_both_threads_with_links_and_recorded_for_both() -> None:
    decision = decided(apart(), posted("!merge #1042"))
    here, there = notes(decision)
    assert (here.thread, here.link, here.note.text[:17]) == ("t9", "t1", "Merged into #1042")
    assert (there.thread, there.link) == ("t1", "t9")
    assert "#1001 of +1 555-010-0300 is merged in here" in there.note.text
    assert here.note.buttons == there.note.buttons == (words._unmerge(1001),)
    assert [one.thread for one in decision.effects if isinstance(one, UpdateCard)] == ["t9", "t1"]
    assert records(decision) == [("merged", None, "#1042"), ("merged_here", 1042, "#1001")]
    assert private(decision) == words.merged(1042).text
    gone = after(decision, 1001)
    assert (gone.status, gone.closed_at, gone.waiting_since) == (ConversationStatus.CLOSED, NOW, None)
    assert after(decision, 1042).joined == (1001,)


def test_labels_watchers_and_the_assignee_of_both_count() -> None:
    one = second(labels=("lead", "new"), watchers=("slack:U7",), assignee=BEN.key)
    other = state(conversation=conversation(labels=("new",), watchers=("slack:U8",)))
    home = after(decided(apart(conversation=one, other=other), posted("!merge 1042")), 1042)
    assert (home.labels, home.watchers, home.assignee) == (("new", "lead"), ("slack:U8", "slack:U7"), BEN.key)
    owned = state(conversation=conversation(assignee=ANA.key))
    assert after(decided(apart(conversation=one, other=owned), posted("!merge 1042")), 1042).assignee == ANA.key


def test_what_waits_in_either_waits_where_it_goes_on() -> None:
    long_ago = NOW - timedelta(hours=2)
    waits = second(waiting_since=long_ago, last_inbound_at=NOW)
    closed = conversation(status=ConversationStatus.CLOSED, closed_at=long_ago, waiting_since=None)
    home = after(decided(apart(conversation=waits, other=state(conversation=closed)), posted("!merge 1042")), 1042)
    assert (home.status, home.closed_at, home.waiting_since) == (ConversationStatus.OPEN, None, long_ago)
    assert (home.last_inbound_at, home.reply_via) == (NOW, 1001)
    silent = second(status=ConversationStatus.CLOSED, closed_at=long_ago, waiting_since=None, last_inbound_at=None)
    decision = decided(apart(conversation=silent, other=state(conversation=closed)), posted("!merge 1042"))
    assert (after(decision, 1042).status, after(decision, 1042).reply_via) == (ConversationStatus.CLOSED, None)
    assert after(decision, 1001).closed_at == long_ago


@pytest.mark.parametrize(
    ("one", "two", "then"),
    [
        ("open", "snoozed", "open"),
        ("snoozed", "snoozed", "snoozed"),
        ("snoozed", "closed", "open"),
        ("snoozed", "open", "open"),
        ("closed", "snoozed", "snoozed"),
        ("closed", "open", "open"),
    ],
)
def test_what_is_awake_wakes_what_it_goes_on_in(one: str, two: str, then: str) -> None:
    soon = NOW + timedelta(hours=1)
    first = second(status=ConversationStatus(one), snoozed_until=soon if one == "snoozed" else None)
    other = conversation(status=ConversationStatus(two), snoozed_until=soon if two == "snoozed" else None)
    decision = decided(apart(conversation=first, other=state(conversation=other)), posted("!merge 1042"))
    home = after(decision, 1042)
    assert (home.status.value, home.snoozed_until) == (then, soon if then == "snoozed" else None)
    assert after(decision, 1001).snoozed_until is None
    ended = ["1001"] if one == "snoozed" else []
    ended += ["1042"] if two == "snoozed" != then else []
    assert [effect.subject for effect in decision.effects if isinstance(effect, DisarmTimer)] == ended


def test_replies_go_on_to_the_number_that_texted_last() -> None:
    older = second(last_inbound_at=NOW - timedelta(days=1))
    decision = decided(apart(conversation=older), posted("!merge 1042"))
    assert after(decision, 1042).reply_via is None
    assert "now +1 555-010-0200" in notes(decision)[1].note.text
    newer = apart(conversation=second(last_inbound_at=NOW), contact=Contact("c2", SECOND, "Maria at work"))
    decision = decided(newer, posted("!merge 1042"))
    assert "#1001 of Maria at work (+1 555-010-0300)" in notes(decision)[1].note.text
    assert "now +1 555-010-0300" in notes(decision)[1].note.text
    inner = related(merged(1001), name="Grandma")
    nested = second(last_inbound_at=NOW, reply_via=1000, joined=(1000,))
    further = replace(inner, conversation=replace(inner.conversation, number=1000), contact=Contact("c3", GRANDMA))
    decision = decided(apart(conversation=nested, joined=(further,)), posted("!merge 1042"))
    assert after(decision, 1042).reply_via == 1000
    assert "now +1 555-010-0400" in notes(decision)[1].note.text


@pytest.mark.parametrize(
    ("name", "other", "given"),
    [
        (None, "Maria", [("c2", "Maria")]),
        ("Maria", None, [("c1", "Maria")]),
        ("Maria", "Mia", []),
        (None, None, []),
    ],
)
def test_the_one_contact_has_one_name_until_they_are_separated(
    name: str | None, other: str | None, given: list[tuple[str, str]]
) -> None:
    apart_ = apart(contact=Contact("c2", SECOND, name), other=state(contact=Contact("c1", "+15550100200", other)))
    decision = decided(apart_, posted("!merge 1042"))
    assert [(one.id, one.name) for one in decision.contacts] == given
    both = {"c2": Contact("c2", SECOND, name), "c1": Contact("c1", "+15550100200", other)}
    both |= {one.id: one for one in decision.contacts}
    inside = Related(conversation=after(decision, 1001), contact=both["c2"], threads=(second_thread(),))
    home = state(conversation=after(decision, 1042), contact=both["c1"], joined=(inside,))
    back = decided(home, posted("!unmerge"))
    both |= {one.id: one for one in back.contacts}
    assert (both["c2"].name, both["c1"].name) == (name, other)


def test_held_replies_that_stay_behind_are_told_of() -> None:
    one, many = apart(pending=(guarded(), reply())), apart(pending=(guarded(), guarded(id="m2")))
    assert "1 reply is still held in its thread" in notes(decided(one, posted("!merge 1042")))[1].note.text
    assert "2 replies are still held in its thread" in notes(decided(many, posted("!merge 1042")))[1].note.text


def test_threads_are_not_needed_to_merge() -> None:
    nowhere = apart(threads=(), other=state(threads=()))
    assert kinds(decided(nowhere, posted("!merge 1042"))) == ["Record", "Record", "AnswerPrivately"]
    half = decided(apart(other=state(threads=())), posted("!merge 1042"))
    assert [note.link for note in notes(half)] == [None]


@pytest.mark.parametrize(
    ("the_state", "said", "answer"),
    [
        (apart(), "!merge", words.MERGE_HOW),
        (apart(), "!merge her other number", words.MERGE_HOW),
        (apart(), "!merge #1001", words.ITSELF),
        (apart(other=None), "!merge 7", words.unknown(7)),
        (apart(other=State()), "!merge 7", words.unknown(7)),
        (apart(other=state(conversation=conversation(erased_at=NOW))), "!merge 1042", words.unknown(1042)),
        (apart(other=state(conversation=conversation(line="gone"))), "!merge 1042", words.unknown(1042)),
        (apart(other=state(conversation=conversation(blocked=True))), "!merge 1042", words.IS_BLOCKED),
        (apart(conversation=second(blocked=True)), "!merge 1042", words.IS_BLOCKED),
        (
            apart(other=state(conversation=conversation(merged=merged(1001).merged))),
            "!merge 5",
            words.is_merged_here(5),
        ),
        (apart(other=state(joined=(related(merged()),) * 10)), "!merge 1042", words.TOO_MANY),
        (left(), "!merge 1042", words.is_merged(1042)),
        (left(chain=()), "!merge 1042", words.is_merged(1042)),
    ],
)
def test_what_cannot_be_merged_is_told_in_private(the_state: State, said: str, answer: words.Note) -> None:
    decision = decided(the_state, posted(said))
    assert private(decision) == answer.text
    assert unchanged(decision)


def test_only_who_may_use_both_may_merge() -> None:
    hidden = state(conversation=conversation(line="sales"), threads=(replace(thread(), room="C2"),))
    lines = {"front-desk": line(), "sales": line(name="sales", rooms=(), may_reply="teammates")}
    stranger = Person("slack", "U7")
    told = done(apart(other=hidden), posted("!merge 1042", author=stranger), lines=lines)
    assert private(told) == words.unknown(1042).text
    shown = replace(hidden, threads=(thread(),))
    told = done(apart(other=shown), posted("!merge 1042", author=stranger), lines=lines)
    assert "Nothing done" in private(told)
    assert unchanged(told)
    mate = done(apart(other=hidden), posted("!merge 1042"), lines=lines, **WITH)
    assert after(mate, 1042).joined == (1001,)
    assert not may_see(ANA, "C1", State(), policy())


def test_the_menu_asks_for_the_number_in_a_form() -> None:
    chosen = decided(apart(), pressed("more", value="merge", trigger="1.2", surface="menu"))
    form = next(one.form for one in chosen.effects if isinstance(one, OpenForm))
    assert (form.name, form.context) == ("merge", "#1001")
    filled = decided(apart(), submitted(form="merge", context="#1001", values=(("number", "#1042"),)))
    assert after(filled, 1042).joined == (1001,)


# what an event needs


@pytest.mark.parametrize(
    ("event", "asked"),
    [
        (posted("!merge #1042"), Asked(1042)),
        (posted("!merge it"), Asked()),
        (posted("!split"), Asked(fresh=True)),
        (posted("!claim"), Asked()),
        (posted("Hello"), Asked()),
        (posted(Mention("person", "U0", "textbridge"), " merge 1042"), Asked(1042)),
        (posted(), Asked()),
        (given("#1001 merge #1042"), Asked(1042)),
        (given("#1001 split"), Asked(fresh=True)),
        (submitted(form="merge", values=(("number", " 1042 "),)), Asked(1042)),
        (submitted(form="assign"), Asked()),
        (pressed("split"), Asked(fresh=True)),
        (pressed("more", value="split"), Asked(fresh=True)),
        (pressed("unmerge", value="#1001"), Asked()),
        (reacted("eyes"), Asked()),
    ],
)
def test_what_must_be_loaded_besides(event: Any, asked: Asked) -> None:
    assert asks_for(event) == asked
