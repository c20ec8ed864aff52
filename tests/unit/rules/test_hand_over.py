"""Handing a conversation over to a team, and whom a text rings."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bridge.domain.conversations import State, ThreadState
from bridge.domain.effects import (
    CarryComments,
    CarryWords,
    OpenThread,
    PostNote,
    PostText,
    Record,
    Recorded,
    Ring,
)
from bridge.domain.events import PostSettled
from bridge.domain.people import ChatRef, Person, RoomRef, Team
from bridge.rules import owning_words as words
from bridge.rules.history import left_at
from bridge.rules.threads import line_of, replace_lost
from tests.unit.rules.builders import (
    ANA,
    NOW,
    ROOT,
    acts,
    conversation,
    done,
    kinds,
    line,
    policy,
    posted,
    state,
    text,
    thread,
)
from tests.unit.rules.teams import (
    BEN,
    SALES_ROOM,
    SUPPORT,
    TEAMS,
    WITH,
    decided,
    given,
    owned,
)

# handing over


def test_a_hand_over_opens_a_thread_and_leaves_the_old_one_usable() -> None:
    decision = decided(owned(), posted("!team Sales"))
    fresh, left = decision.threads
    assert (fresh.room, fresh.earlier, left.state) == ("C2", ROOT, ThreadState.MOVED)
    assert decision.conversation is not None
    assert (decision.conversation.team, decision.conversation.assignee) == ("sales", None)
    assert kinds(decision)[:4] == ["OpenThread", "PostNote", "CarryWords", "CarryComments"]
    assert CarryWords(fresh.id, 1042, NOW - timedelta(minutes=5)) in decision.effects
    nothing = owned(waiting_since=None, last_inbound_at=None)
    assert "CarryWords" not in kinds(decided(nothing, posted("!team Sales")))
    assert PostNote("t1", words.handed_over("sales", ANA), link=fresh.id) in decision.effects
    assert acts(decision) == ["handed_over"]


def test_a_hand_over_keeps_the_assignee_who_is_in_the_other_team() -> None:
    decision = decided(owned(BEN), posted("!team sales"))
    assert decision.conversation is not None
    assert decision.conversation.assignee == BEN.key


def test_a_hand_over_back_takes_the_old_thread_up_again() -> None:
    moved = state(
        conversation=conversation(team="sales"),
        threads=(thread(state=ThreadState.MOVED), thread(id="t2", room="C2", root=ChatRef("slack", "C2", "9.0"))),
    )
    decision = decided(moved, posted("!team support"))
    states = {one.id: one.state for one in decision.threads}
    assert states == {"t1": ThreadState.OPEN, "t2": ThreadState.MOVED}
    assert not any(isinstance(effect, OpenThread) for effect in decision.effects)


def test_a_hand_over_back_says_what_was_said_meanwhile_and_links_to_where() -> None:
    there = ChatRef("slack", "C2", "9.0")
    moved = state(
        conversation=conversation(team="sales"),
        threads=(thread(state=ThreadState.MOVED), thread(id="t2", room="C2", root=there)),
    )
    decision = decided(moved, posted("!team support"))
    assert {one.id: one.earlier for one in decision.threads}["t1"] == there
    assert PostNote("t1", words.received("support", ANA), link="t2") in decision.effects
    assert CarryWords("t1", 1042, None) in decision.effects
    assert CarryComments("t1", back=True) in decision.effects


def test_a_thread_that_stays_is_told_and_nothing_is_repeated_in_it() -> None:
    teams = {**TEAMS, "both": Team("both", (), rooms=(RoomRef("slack", "C1"), SALES_ROOM))}
    decision = decided(state(), posted("!team both"), teams=teams)
    told = [effect for effect in decision.effects if getattr(effect, "thread", None) == "t1"]
    assert not any(isinstance(effect, CarryWords | CarryComments) for effect in told)


def test_a_conversation_left_a_team_at_the_hand_over_after_it_came() -> None:
    def moves(*teams: str) -> list[Recorded]:
        return [
            Recorded(NOW - timedelta(hours=at), Record("handed_over", ANA.key, "thread", detail=team))
            for at, team in enumerate(teams)
        ]

    assert left_at(moves("sales")) is None
    assert left_at(moves("support", "sales")) == NOW - timedelta(hours=1)
    assert left_at(moves("sales", "support", "third", "sales", "first")) == NOW - timedelta(hours=2)


def test_a_third_team_leaves_what_was_left_before_alone() -> None:
    teams = {**TEAMS, "third": Team("third", (), rooms=(RoomRef("slack", "C3"),))}
    moved = state(
        conversation=conversation(team="sales"),
        threads=(thread(state=ThreadState.MOVED), thread(id="t2", room="C2", root=ChatRef("slack", "C2", "9.0"))),
    )
    decision = decided(moved, posted("!team third"), teams=teams)
    told = [effect.thread for effect in decision.effects if isinstance(effect, PostNote)]
    assert "t1" not in told
    assert "t2" in told


def test_a_thread_without_a_card_is_given_up_at_a_hand_over() -> None:
    opening = state(threads=(thread(state=ThreadState.OPENING, root=None),))
    decision = decided(opening, posted("!team sales"))
    assert decision.threads[-1].state is ThreadState.LOST
    assert len([effect for effect in decision.effects if isinstance(effect, PostNote)]) == 1


def test_a_team_without_rooms_takes_over_in_the_same_thread() -> None:
    decision = decided(state(), posted("!team night"))
    assert decision.threads == ()
    assert decision.conversation is not None
    assert decision.conversation.team == "night"
    gone = decided(state(conversation=conversation(line="gone")), given("#1042 team night"))
    assert gone.conversation is not None
    assert gone.threads == ()


def test_the_line_of_a_conversation_has_its_teams_rooms() -> None:
    rules = policy(SUPPORT, **WITH)
    handed = line_of(conversation(team="sales"), rules)
    assert handed is not None
    assert handed.rooms == (SALES_ROOM,)
    assert line_of(conversation(team="gone"), rules) == SUPPORT
    assert line_of(None, rules) is None


def test_a_moved_thread_that_vanishes_is_followed_by_none() -> None:
    moved = thread(state=ThreadState.MOVED)
    decision = replace_lost(state(threads=(moved,)), moved, SUPPORT, now=NOW)
    assert [one.state for one in decision.threads] == [ThreadState.LOST]
    event = PostSettled(external_id="x", conversation=1042, thread="t1", message=None, gone=True, code="x")
    assert acts(decided(state(threads=(moved,)), event)) == ["thread_lost"]


def test_a_text_takes_up_a_moved_thread_when_its_team_is_gone() -> None:
    moved = state(conversation=conversation(team="gone"), threads=(thread(state=ThreadState.MOVED),))
    decision = decided(moved, text())
    assert [one.state for one in decision.threads] == [ThreadState.OPEN]
    assert "OpenThread" not in kinds(decision)


# ringing


def rung(the_state: State, the_line: Any = SUPPORT, **changed: Any) -> Ring:
    decision = done(the_state, text(), the_line, **{**WITH, **changed})
    return next(effect.ring for effect in decision.effects if isinstance(effect, PostText))


def test_whom_a_text_rings() -> None:
    waiting, first = state(), state(conversation=conversation(waiting_since=None))
    assert rung(first) == Ring(room=True)
    assert rung(waiting) == Ring()
    assert rung(first, replace(SUPPORT, ping="assignee")) == Ring()
    assert rung(first, line()) == Ring()
    assert rung(owned(watchers=(BEN.key, ANA.key))) == Ring((ANA, BEN))
    assert rung(owned(watchers=(BEN.key,)), replace(SUPPORT, ping="nobody")) == Ring((BEN,))
    assert rung(owned(blocked=True)) == Ring()
    assert rung(owned(Person("matrix", "@ana:x"))) == Ring()


def test_a_text_after_a_quiet_is_shown_in_the_room() -> None:
    quiet = state(conversation=conversation(last_inbound_at=NOW - timedelta(hours=12)))
    assert rung(quiet).bump
    assert not rung(quiet, replace(SUPPORT, bump_after=timedelta(0))).bump
    assert not rung(state(threads=(), conversation=quiet.conversation)).bump
