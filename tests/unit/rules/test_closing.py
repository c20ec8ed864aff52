from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.conversations import ConversationStatus
from bridge.domain.effects import ArmTimer, DisarmTimer, Record
from tests.unit.rules.builders import NOW, conversation, done, guarded, line, posted, state, text
from tests.unit.rules.clockwork import HOUR, Life
from tests.unit.rules.teams import private

WEEK = timedelta(days=7)


def test_a_conversation_nobody_writes_in_is_closed() -> None:
    life = Life(close_after=WEEK)
    assert "closing" not in life.timers  # somebody waits
    life.passes(HOUR)
    life.answered()
    assert life.timers["closing"] == life.now + WEEK
    assert life.passes(WEEK) == ["Closed by itself: nobody wrote for 7 days."]
    assert (life.conversation.status, life.conversation.closed_at) == (ConversationStatus.CLOSED, life.now)
    assert life.timers == {}


def test_who_opted_out_does_not_wait_for_an_answer() -> None:
    life = Life(close_after=WEEK)
    life.does(text("STOP"))
    assert life.passes(WEEK) == ["Closed by itself: nobody wrote for 7 days."]


def test_what_is_written_meanwhile_begins_the_quiet_anew() -> None:
    life = Life(close_after=WEEK)
    life.answered()
    life.passes(WEEK - HOUR)
    life.texts()
    assert "closing" not in life.timers
    life.answered()
    assert life.timers["closing"] == life.now + WEEK


def test_a_late_timer_closes_and_an_early_one_does_not() -> None:
    life = Life(close_after=WEEK)
    life.answered()
    life.fires("closing")
    assert life.conversation.status is ConversationStatus.OPEN
    assert life.timers["closing"] == life.now + WEEK
    decision = life.skips(3 * WEEK)
    assert decision == ["Closed by itself: nobody wrote for 7 days."]


def test_a_reply_that_has_not_left_keeps_it_open() -> None:
    quiet = conversation(waiting_since=None, last_inbound_at=None, created_at=NOW - 2 * WEEK)
    life = Life(close_after=WEEK)
    held = replace(state(guarded()), conversation=quiet)
    life.state, life.timers = held, {"closing": NOW}
    assert life.passes(timedelta()) == []
    assert life.timers == {"closing": NOW + WEEK}


@pytest.mark.parametrize(
    "changed",
    [{"close_after": timedelta()}, {"close_after": WEEK, "name": "other"}],
)
def test_without_the_setting_nothing_is_closed(changed: dict[str, Any]) -> None:
    quiet = conversation(waiting_since=None, last_outbound_at=NOW)
    decision = done(state(conversation=quiet), posted("!label +x"), line(**changed))
    assert not any(isinstance(effect, ArmTimer) for effect in decision.effects)


def test_a_snooze_and_a_close_forget_the_timer() -> None:
    for words in ("!snooze 2h", "!close"):
        quiet = conversation(waiting_since=None, last_outbound_at=NOW)
        decision = done(state(conversation=quiet), posted(words), line(close_after=WEEK))
        assert DisarmTimer("closing", "1042") in decision.effects
    assert done(state(), text(), line(close_after=WEEK)).effects


def test_it_is_on_record() -> None:
    life = Life(close_after=WEEK)
    life.answered()
    life.now += WEEK
    assert Record("closed", "bridge", "timer") in life.fires("closing").effects


@pytest.mark.parametrize("words", ["close tomorrow", "reopen later", "wake up"])
def test_a_word_that_stands_alone_does_nothing_with_others_behind_it(words: str) -> None:
    decision = done(state(), posted(f"!{words}"))
    assert decision.conversation is None
    name, _, rest = words.partition(" ")
    assert private(decision).startswith(f"Nothing done: `!{name}` stands alone.")
    assert (f"`!snooze {rest}`" in private(decision)) is (name == "close")
    assert f"`!comment {rest}`" in private(decision)
