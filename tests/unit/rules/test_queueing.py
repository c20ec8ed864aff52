"""The queue: who is shown it, and when it is shown anew."""

from dataclasses import replace

import pytest

from bridge.domain.conversations import State
from bridge.domain.effects import AnswerPrivately
from bridge.domain.events import CommandGiven, HomeOpened
from bridge.domain.people import Person, Teammate
from bridge.domain.queue import MOST, PAGE, View, excerpt, read_view
from bridge.domain.showing import PublishHome, TellFound, TellQueue
from bridge.rules.people import keys_of
from bridge.rules.queueing import FOUND, NO_SECTION, told
from tests.unit.rules.builders import ANA, acts, done, policy, pressed, state

VIEW = View("held", 20)


def test_who_opens_the_page_is_shown_the_queue() -> None:
    opened = HomeOpened(external_id="e", author=ANA, view=VIEW)
    assert done(State(), opened).effects == (PublishHome(ANA, VIEW),)
    assert done(State(), replace(opened, author=replace(ANA, bot=True))).effects == ()


def test_what_is_pressed_there_is_done_and_shown() -> None:
    decision = done(state(), pressed("close", home=VIEW, surface="home", value="", handle=""))
    assert acts(decision) == ["closed"]
    assert decision.effects[-1] == PublishHome(ANA, VIEW)
    elsewhere = done(state(), pressed("close"))
    assert not any(isinstance(effect, PublishHome) for effect in elsewhere.effects)


@pytest.mark.parametrize(("text", "view"), [("queue", View()), ("queue  Mine ", View("mine"))])
def test_the_queue_of_a_room_is_told_in_private(text: str, view: View) -> None:
    event = CommandGiven(external_id="e", platform="slack", room="C1", author=ANA, text=text, handle="h")
    assert done(State(), event).effects == (TellQueue(ANA, "C1", view, "h"),)


@pytest.mark.parametrize("who", [replace(ANA, outsider=True), replace(ANA, bot=True)])
def test_outsiders_are_refused_the_queue(who: Person) -> None:
    event = CommandGiven(external_id="e", platform="slack", room="C1", author=who, text="queue", handle="h")
    (told,) = done(State(), event).effects
    assert isinstance(told, AnswerPrivately)
    assert told.note.text.startswith("Nothing done")


def test_what_is_no_section_is_told_which_there_are() -> None:
    event = CommandGiven(external_id="e", platform="slack", room="C1", author=ANA, text="queue bogus", handle="h")
    assert done(State(), event).effects == (AnswerPrivately(ANA, "C1", None, NO_SECTION, "h"),)
    assert "mine, unassigned, waiting, breached, held, failed, snoozed" in NO_SECTION.text


@pytest.mark.parametrize("view", [View(), View("mine"), View("snoozed", 980)])
def test_a_view_survives_being_written(view: View) -> None:
    assert read_view(str(view)) == view


@pytest.mark.parametrize("text", ["", "x", "other:5x", ":٣", "mine:-1", "mine:999999999"])
def test_anything_else_is_the_first_page(text: str) -> None:
    assert read_view(text).offset == 0


def test_nobody_pages_for_ever() -> None:
    assert read_view("mine:99999").offset == MOST - PAGE


def test_a_teammate_is_one_person_on_every_platform() -> None:
    mate = Teammate("ana", (("slack", "U1"), ("matrix", "@ana:example.org")))
    assert keys_of(ANA, policy(teammates=(mate,))) == ("slack:U1", "matrix:@ana:example.org")
    assert keys_of(ANA, policy()) == ("slack:U1",)


def test_words_are_looked_for_in_the_rooms_lines() -> None:
    event = CommandGiven(
        external_id="e", platform="slack", room="C1", author=ANA, text="search  Late  invoice", handle="h"
    )
    assert done(State(), event).effects == (TellFound(ANA, "C1", "Late invoice", "h"),)
    (long,) = done(State(), replace(event, text=f"search {'x' * 60_000} {' y' * 9}")).effects
    assert isinstance(long, TellFound)
    assert long.words == " ".join(("x" * 60, *"yyyyyyy"))
    (refused,) = done(State(), replace(event, author=replace(ANA, outsider=True))).effects
    assert isinstance(refused, AnswerPrivately)


def test_what_was_found_is_said_with_its_number() -> None:
    assert told("late", 0) == "Nothing found for “late” in this room's newest conversations."
    assert told("late", FOUND) == f"Found for “late”: {FOUND}"
    assert told("late", FOUND + 1) == f"The newest {FOUND} with “late”. A further word finds fewer."


def test_an_excerpt_is_what_stands_around_the_word() -> None:
    assert excerpt("He said:\nit is LATE", "late") == "He said: it is LATE"
    around = excerpt(f"{'a' * 80} late {'b' * 80}", "late")
    assert around == f"…{'a' * 59} late {'b' * 59}…"
    assert excerpt("neither", "late") == "neither"
