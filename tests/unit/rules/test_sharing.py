from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.cards import Menu
from bridge.domain.content import Mention
from bridge.domain.conversations import State, Thread, ThreadState
from bridge.domain.effects import CarryComments, OpenThread, PostNote
from bridge.domain.messages import MessageKind, MessageStatus
from bridge.domain.people import ChatRef, RoomRef
from bridge.rules import owning_words, share_words, wording
from bridge.rules.cards import controls
from bridge.rules.sharing import share
from bridge.rules.threads import line_of
from tests.unit.rules.builders import (
    ANA,
    act,
    acts,
    conversation,
    done,
    line,
    policy,
    posted,
    pressed,
    state,
    text,
    thread,
)
from tests.unit.rules.teams import BEN, SALES_ROOM, WITH, given, private

DIRECT = RoomRef("slack", "@U1")
ROOT = ChatRef("slack", "@U1", "1.0")
OWN = line(rooms=(DIRECT,), personal="ana", shared_rooms=(RoomRef("slack", "C9"),), team="support")
MINE = thread(room="@U1", root=ROOT)


def known(**changed: Any) -> State:
    return state(threads=(MINE,), **changed)


def decided(the_state: State, event: Any, own: Any = OWN, **changed: Any) -> Any:
    return done(the_state, event, own, **{**WITH, **changed})


def here(*words: Any, **changed: Any) -> Any:
    return posted(*words, thread=ROOT, ref=ChatRef("slack", "@U1", "2.0"), **changed)


def new_room(decision: Any) -> str:
    (fresh,) = [one for one in decision.threads if one.state is ThreadState.OPENING]
    return fresh.room


def test_a_text_is_shown_in_the_direct_message() -> None:
    decision = decided(State(fresh_number=1042), text())
    assert [one.room for one in decision.threads] == ["@U1"]


def test_only_its_teammate_may_reply_and_act() -> None:
    assert decided(known(), here("hello")).messages[0].kind is MessageKind.REPLY
    theirs = decided(known(), here("hello", author=BEN))
    assert theirs.messages[0].status is MessageStatus.KEPT
    assert private(theirs) == wording.PERSONAL.text
    assert private(decided(known(), pressed("close", value="", author=BEN))) == wording.MAY_NOT_ACT
    assert private(decided(known(), given("#1042 close", author=BEN, room="C2"))) == owning_words.NOT_HERE.text
    assert decided(known(), given("#1042 close", room="C2")).conversation is not None
    assert decided(known(), here("hello"), teammates=()).messages[0].status is MessageStatus.KEPT


def test_it_is_shared_with_the_lines_room() -> None:
    for event in (here("!share"), pressed("share", value="room", surface="menu", ref=ROOT, thread=ROOT)):
        decision = decided(known(), event)
        assert decision.conversation.shared == ("slack/C9",)
        assert new_room(decision) == "C9"
        assert [one.state for one in decision.threads if one.id == "t1"] == [ThreadState.MOVED]
        fresh = next(one for one in decision.threads if one.state is ThreadState.OPENING)
        assert [effect for effect in decision.effects if isinstance(effect, OpenThread | CarryComments)] == [
            OpenThread(fresh.id),
            CarryComments(fresh.id),
        ]
        left = next(effect for effect in decision.effects if isinstance(effect, PostNote) and effect.thread == "t1")
        assert left.link == fresh.id
        assert acts(decision) == ["shared"]


@pytest.mark.parametrize("event", [here("!share sales"), here("!share @Sales"), given("#1042 share sales")])
def test_it_is_shared_with_a_team(event: Any) -> None:
    assert new_room(decided(known(), event)) == SALES_ROOM.room


def test_it_is_shared_with_another_line_or_a_channel_that_is_configured() -> None:
    other = line(name="shop", address="+15550002000", rooms=(RoomRef("slack", "C7"),))
    both = {"lines": {OWN.name: OWN, other.name: other}}
    assert new_room(decided(known(), here("!share shop"), **both)) == "C7"
    assert new_room(decided(known(), here("!share ", Mention("room", "C7", "shop")), **both)) == "C7"
    bot = Mention("person", "U0", "textbridge")
    assert new_room(decided(known(), here(bot, " share ", Mention("room", "C9", "own")), **both)) == "C9"
    strange = decided(known(), here("!share ", Mention("room", "C8", "else")), **both)
    assert private(strange).startswith("Share it with whom?")


def test_it_is_told_with_whom_it_can_be_shared() -> None:
    assert private(decided(known(), here("!share nobody"))) == share_words.which(("room", "support", "sales")).text
    homeless = replace(OWN, shared_rooms=())
    assert "`support`" in private(decided(known(), here("!share"), homeless))
    alone = decided(known(), here("!share"), homeless, teams={})
    assert "none are configured" in private(alone)


def test_what_is_shared_is_anybodys_and_shown_there() -> None:
    shared = conversation(shared=("slack/C9",))
    there = Thread(
        id="t9",
        conversation=1042,
        platform="slack",
        room="C9",
        state=ThreadState.OPEN,
        created_at=MINE.created_at,
        root=ChatRef("slack", "C9", "1.0"),
    )
    both = state(conversation=shared, threads=(replace(MINE, state=ThreadState.MOVED), there))
    reply = decided(both, posted("hello", author=BEN, thread=there.root, ref=ChatRef("slack", "C9", "2.0")))
    assert reply.messages[0].kind is MessageKind.REPLY
    shown = decided(both, text("more"))
    assert shown.threads == ()
    assert private(decided(both, posted("!share"))) == share_words.SHARED_ALREADY.text
    now = line_of(shared, policy(OWN))
    assert now is not None
    assert now.personal is None


def test_a_hand_over_shares_it_too() -> None:
    decision = decided(known(), here("!team support"))
    assert decision.conversation.team == "support"
    assert new_room(decision) == "C1"
    again = decided(state(conversation=decision.conversation), posted("!team support"))
    assert "already" in private(again)
    back = decided(state(conversation=conversation(shared=("slack/C9",))), posted("!team sales"))
    assert (back.conversation.shared, back.conversation.team) == ((), "sales")


def test_the_card_offers_to_share() -> None:
    def menus(the_line: Any, **changed: Any) -> list[Menu]:
        found = controls(conversation(), the_line, policy(the_line, **changed))
        return [one for one in found if isinstance(one, Menu) and one.action == "share"]

    (menu,) = menus(OWN, **WITH)
    assert menu.options == (("room", "The line's room"), ("support", "support"), ("sales", "sales"))
    assert menus(line()) == []
    assert menus(replace(OWN, shared_rooms=())) == []


def test_without_a_conversation_nothing_is_shared() -> None:
    assert share(act(State())).effects == ()
    assert share(act(state(), line=None)).conversation is None
    assert ANA.id == "U1"
