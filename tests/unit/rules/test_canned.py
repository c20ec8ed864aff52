"""Canned responses by word: chosen, filled in, sent like any reply."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.canned import Canned
from bridge.domain.content import Mention
from bridge.domain.decision import Decision
from bridge.domain.effects import AnswerPrivately, Record, SendText
from bridge.domain.events import CommandGiven
from bridge.domain.keeping import CountUse
from bridge.domain.messages import Hold, MessageStatus
from bridge.domain.people import Contact, Teammate
from bridge.rules.canned import Wanted, wanted
from tests.unit.rules.builders import ANA, acts, conversation, done, edited, line, posted, reacted, reply, state, text

BOT = Mention("person", "UBOT", "textbridge")
HOURS = "We are open {{ today | default('9 to 5') }}, {{ contact.first_name | default('friend') }}."
VISIT = "See you at {{ time }} in {{ place.name }}, {{ contact.name }}"
CONFIGURED = {
    "hours": HOURS,
    "Visit": VISIT,
    "bad": "{{ 1 + 1 }}",
    "note": "note: x",
    "close": "!close",
    "empty": " {{ a }} ",
}


def stored(name: str = "thanks", text: str | None = "Thank you", **changed: Any) -> Canned:
    return replace(Canned(name=name, text=text), **changed)


def words(text: str, *rows: Canned, the_state: Any = None, **changed: Any) -> Decision:
    the_line = line(team="support", **changed.pop("the_line", {}))
    return done(replace(the_state or state(), canned=rows), posted(text), the_line, canned=CONFIGURED, **changed)


def told(decision: Decision) -> str:
    assert not decision.messages
    (note,) = [effect.note.text for effect in decision.effects if isinstance(effect, AnswerPrivately)]
    return note


def sent(decision: Decision) -> str:
    (message,) = decision.messages
    assert any(isinstance(effect, SendText) for effect in decision.effects)
    return message.body


def test_a_response_is_sent_as_the_writers_reply() -> None:
    decision = words("!canned hours")
    (message,) = decision.messages
    assert message.body == "We are open 9 to 5, Maria."
    assert (message.author, message.hold, message.segments) == (ANA.key, Hold.UNDO, 1)
    assert acts(decision) == ["replied", "canned_sent"]
    assert CountUse("hours", "") in decision.effects


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ("!c hours", "We are open 9 to 5, Maria."),
        ("!C HOURS today=noon", "We are open noon, Maria."),
        ("!c hours today='8 to 4' contact.first_name=Mia", "We are open 8 to 4, Mia."),
        ('!c visit time=“5 pm” place.name="Main Street"', "See you at 5 pm in Main Street, Maria"),
        ("!c thanks", "Thank you"),
        ("!c support/thanks", "Ours"),
    ],
)
def test_values_are_given_behind_the_name(typed: str, body: str) -> None:
    rows = (stored(), *([stored(team="support", text="Ours")] if "/" in typed else []))
    assert sent(words(typed, *rows)) == body


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("!c nothing", "no canned response `nothing`. `!canned` lists"),
        ("!c housr", "Did you mean `hours`?"),
        ("!c x`y", "no canned response `x'y`"),
        ("!c visit", 'needs `time` and `place.name`. Write `!canned visit time="…" place.name="…"`'),
        ("!c visit time=5", 'needs `place.name`. Write `!canned visit time="5" place.name="…"`'),
        ("!c hours tody=5", "has no value `tody`; it takes `today`"),
        ("!c thanks x=5", "has no value `x`; it takes none"),
        ("!c hours noon", 'Write `!canned hours today="…"`'),
        ("!c thanks noon", "it takes no values"),
        ("!c hours " + "".join(f"a{n}=1 " for n in range(30)), "Write `!canned hours"),
        ("!c bad", "cannot be used: it may hold values"),
        ("!c empty a=' '", "it would say nothing"),
        ("!c other/thanks", "no canned response `other/thanks`"),
        ("!c gone", "no canned response `gone`"),
    ],
)
def test_what_cannot_be_sent_is_told_to_the_writer(typed: str, said: str) -> None:
    assert said in told(words(typed, stored(), stored("gone", None)))


def test_a_teams_own_goes_before_everybodys_and_that_before_the_configurations() -> None:
    rows = (stored("hours", "Shared"), stored("hours", "Ours", team="support"), stored("hours", "Theirs", team="sales"))
    assert sent(words("!c hours", *rows)) == "Ours"
    assert sent(words("!c hours", *rows[:1])) == "Shared"
    handed_over = state(conversation=conversation(team="sales"))
    assert sent(words("!c hours", *rows, the_state=handed_over)) == "Theirs"


def test_the_teammates_name_is_filled_in() -> None:
    mates = (Teammate("ana", (("slack", "U1"),)),)
    row = stored(text="I am {{ teammate.name }} of {{ line.name }}, {{ line.address }}, #{{ conversation.number }}")
    assert sent(words("!c thanks", row, teammates=mates)) == "I am Ana of front-desk, +1 555-000-1000, #1042"
    mates = (Teammate("Ana Souza", (("slack", "U1"),)),)
    assert "I am Ana Souza" in sent(words("!c thanks", row, teammates=mates))
    assert "needs `teammate.name`" in told(words("!c thanks", row))


def test_a_contact_without_a_name_is_asked_for() -> None:
    nameless = state(contact=Contact("c1", "+15550100200"))
    assert sent(words("!c hours", the_state=nameless)).endswith("friend.")
    assert "`contact.name`" in told(words("!c visit time=5 place.name=x", the_state=nameless))


def test_the_guard_and_the_length_hold_a_response_as_any_reply() -> None:
    (message,) = words("!c thanks", stored(text="Password: tulip")).messages
    assert (message.hold, message.reasons) == (Hold.GUARD, ("it seems to hold a password",))
    decision = words("!c thanks", stored(text="x" * 700))
    assert decision.messages[0].hold is Hold.LENGTH
    assert acts(decision) == ["held", "canned_held"]


@pytest.mark.parametrize("name", ["note", "close"])
def test_a_response_that_opens_like_a_comment_or_command_is_held(name: str) -> None:
    (message,) = words(f"!c {name}").messages
    assert message.hold is Hold.GUARD
    row = stored(text="note: Password: tulip")
    (message,) = words("!c thanks", row).messages
    assert len(message.reasons) == 2
    (message,) = words("!c thanks", stored(text="note: " + "x" * 700)).messages
    assert len(message.reasons) == 1


@pytest.mark.parametrize("mode", ["confirm", "explicit"])
def test_it_needs_no_further_word_in_any_mode(mode: Any) -> None:
    assert sent(words("!c thanks", stored(), the_line={"reply_mode": mode})) == "Thank you"


def test_an_edit_in_time_fills_it_in_anew() -> None:
    before = reply(body="Thank you")
    the_state = replace(state(before), canned=(stored(),))
    decision = done(the_state, edited("!c hours today=noon"), line(), canned=CONFIGURED)
    (message,) = decision.messages
    assert message.body == "We are open noon, Maria."
    stopped = done(the_state, edited("!c visit"), line(), canned=CONFIGURED)
    assert stopped.messages[0].status is MessageStatus.CANCELLED


def test_alone_it_lists_what_there_is_most_used_first() -> None:
    rows = (
        stored(text="Thank\nyou `x` " + "y" * 90, uses=7),
        stored("hours", None, uses=3),
        stored("other", team="sales"),
    )
    lines = told(words("!canned", *rows)).splitlines()
    assert lines[1].startswith("`thanks` Thank you 'x' y")
    assert lines[1].endswith("… · used 7×")
    assert lines[2].startswith("`hours`")
    assert lines[2].endswith("used 3×")
    assert not any("other" in one for one in lines)
    many = [stored(f"n{number}") for number in range(40)]
    assert "There are more" in told(words("!c", *many))


def test_an_empty_list_says_how_to_make_one() -> None:
    decision = done(state(), posted("!canned"))
    assert "makes one" in told(decision)


def command(text: str) -> CommandGiven:
    return CommandGiven(external_id="e", platform="slack", room="C1", author=ANA, text=text)


@pytest.mark.parametrize(
    ("event", "asked"),
    [
        (posted("!c Hours x=1"), Wanted("hours")),
        (posted("!c support/hours"), Wanted("hours")),
        (posted("!canned"), Wanted()),
        (posted(BOT, " canned hours"), Wanted("hours")),
        (posted(BOT), None),
        (edited("!c hours"), Wanted("hours")),
        (posted("hello"), None),
        (posted("!close"), None),
        (posted("!wat"), None),
        (reacted("eyes"), None),
        (text(), None),
        (command("canned"), Wanted()),
        (command("canned list two words"), Wanted(words="two words")),
        (command("canned add Hours We are open"), Wanted("hours")),
        (command("canned edit sales/hours x"), Wanted("hours")),
        (command("canned add"), Wanted("")),
        (command("#1042 canned hours a=b"), Wanted("hours")),
        (command("help"), None),
    ],
)
def test_only_what_is_needed_is_loaded(event: Any, asked: Wanted | None) -> None:
    assert wanted(event) == asked


def test_the_bot_can_be_asked_by_mention() -> None:
    decision = done(state(), posted(BOT, " canned hours"), line(), canned=CONFIGURED, bots={"slack": "UBOT"})
    assert sent(decision) == "We are open 9 to 5, Maria."
    assert [effect.surface for effect in decision.effects if isinstance(effect, Record)] == ["mention", "mention"]
