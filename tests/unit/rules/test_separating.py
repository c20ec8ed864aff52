"""Separating conversations that were merged."""

from dataclasses import replace

import pytest

from bridge.domain.conversations import ConversationStatus, Related, State
from bridge.domain.decision import Decision
from bridge.domain.effects import Record, Recorded, UpdateNote
from bridge.domain.people import Contact
from bridge.rules import merging_words as words
from bridge.rules.history import history, why
from tests.unit.rules.builders import (
    ANA,
    NOW,
    conversation,
    kinds,
    posted,
    pressed,
    state,
    thread,
)
from tests.unit.rules.families import (
    SECOND,
    after,
    left,
    merged,
    notes,
    records,
    related,
    together,
    unchanged,
)
from tests.unit.rules.teams import BEN, decided, private
from tests.unit.rules.test_merging import GRANDMA

# separating


def test_separating_restores_both_and_links_them() -> None:
    decision = decided(left(), posted("!unmerge"))
    restored, gone = notes(decision)
    assert (restored.thread, restored.link, gone.thread, gone.link) == ("t9", "t1", "t1", "t9")
    alone, home = after(decision, 1001), after(decision, 1042)
    assert (alone.merged, alone.status, alone.closed_at, alone.waiting_since) == (
        None,
        ConversationStatus.OPEN,
        None,
        None,
    )
    assert home.joined == ()
    assert records(decision) == [("unmerged", 1001, "#1042"), ("unmerged_here", 1042, "#1001")]
    assert private(decision) == words.separated(1001).text


def test_what_was_given_is_taken_back_and_the_rest_stays() -> None:
    one = replace(merged(labels=("lead",), watchers=("slack:U7",), assigned=True), assignee=BEN.key, labels=("lead",))
    home = conversation(
        joined=(1001, 7), labels=("new", "lead"), watchers=("slack:U8", "slack:U7"), assignee=BEN.key, reply_via=1001
    )
    decision = decided(together(one, conversation=home), posted("!unmerge #1001"))
    kept = after(decision, 1042)
    assert (kept.joined, kept.labels, kept.watchers, kept.assignee) == ((7,), ("new",), ("slack:U8",), None)
    assert kept.reply_via is None
    assert after(decision, 1001).waiting_since == home.waiting_since
    other = replace(home, assignee=ANA.key)
    assert after(decided(together(one, conversation=other), posted("!unmerge 1001")), 1042).assignee == ANA.key


def test_what_was_closed_before_is_closed_again() -> None:
    decision = decided(together(merged(status=ConversationStatus.CLOSED)), posted("!unmerge"))
    assert (after(decision, 1001).status, after(decision, 1001).closed_at) == (ConversationStatus.CLOSED, NOW)


def test_the_button_on_the_note_separates_wherever_it_is_pressed() -> None:
    for the_state in (left(), together()):
        decision = decided(the_state, pressed("unmerge", value="#1001"))
        assert after(decision, 1001).merged is None
        assert "AnswerPrivately" not in kinds(decision)
    on_card = decided(left(), pressed("unmerge", value=""))
    assert after(on_card, 1001).merged is None


def test_the_button_that_was_pressed_goes_and_the_cards_stays() -> None:
    def left_behind(decision: Decision) -> list[str]:
        return [effect.note.text for effect in decision.effects if isinstance(effect, UpdateNote)]

    assert "separated again" in left_behind(decided(left(), pressed("unmerge", value="#1001")))[0]
    assert left_behind(decided(state(), pressed("unmerge", value="#1001"))) == [words.APART.text]
    root = left().threads[0].root
    assert root is not None
    assert left_behind(decided(left(), pressed("unmerge", value="", ref=root))) == []


def test_a_name_given_since_stays() -> None:
    inside = Related(conversation=merged(named="here"), contact=Contact("c2", SECOND, "Mia"), threads=())
    decision = decided(replace(together(), joined=(inside,)), posted("!unmerge"))
    assert decision.contacts == ()


@pytest.mark.parametrize(
    ("the_state", "said", "answer"),
    [
        (state(), "!unmerge", words.NOT_MERGED),
        (state(), "!unmerge #7", words.NOT_MERGED),
        (together(), "!unmerge #7", words.NOT_MERGED),
        (together(), "!unmerge #1042", words.NOT_MERGED),
        (left(chain=()), "!unmerge", words.NOT_MERGED),
        (together(conversation=conversation(joined=(1001, 1000))), "!unmerge", words.which((1001, 1000))),
    ],
)
def test_what_cannot_be_separated_is_told_in_private(the_state: State, said: str, answer: words.Note) -> None:
    decision = decided(the_state, posted(said))
    assert private(decision) == answer.text
    assert unchanged(decision)


def test_one_of_a_chain_leaves_what_it_was_merged_into() -> None:
    # #1000 goes on in #1001, and that in #1042
    outer = replace(merged(), joined=(1000,))
    inner = Related(conversation=replace(merged(1001), number=1000), contact=Contact("c3", GRANDMA), threads=())
    home = conversation(joined=(1001,), reply_via=1000)
    whole = state(conversation=home, joined=(related(outer), inner))
    decision = decided(whole, posted("!unmerge 1000"))
    assert (after(decision, 1001).joined, after(decision, 1042).reply_via) == ((), None)
    assert after(decision, 1000).merged is None
    assert after(decision, 1042).joined == (1001,)
    assert [one for _, one, _ in records(decision)] == [1000, 1001, 1042]
    goal = Related(conversation=home, contact=Contact("c1", "+15550100200"), threads=(thread(),))
    from_within = left(outer, joined=(inner,), chain=(goal,))
    assert after(decided(from_within, posted("!unmerge 1000")), 1001).joined == ()
    itself = decided(from_within, posted("!unmerge"))
    assert (after(itself, 1001).merged, after(itself, 1001).joined) == (None, (1000,))


def test_the_record_names_the_other_conversation() -> None:
    entries = [Recorded(NOW, Record("merged", "slack:U1", "thread", None, "#1042"))]
    assert "merged it into #1042" in history(entries).text
    assert "merged it into #1042" in why(entries).text
