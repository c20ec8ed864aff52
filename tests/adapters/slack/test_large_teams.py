"""What is decided in a very large team is shown within Slack's limits: long names, hundreds of people and answers."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bridge.adapters.platforms.slack import blocks, cards, forms
from bridge.domain.canned import Canned
from bridge.domain.cards import Form, Note
from bridge.domain.conversations import State
from bridge.domain.effects import AnswerPrivately, OpenForm, PostNote, UpdateNote
from bridge.domain.events import CommandGiven, FormSubmitted
from bridge.domain.people import Contact, Team, Teammate
from bridge.rules.cards import card
from bridge.rules.guard import reasons
from tests.adapters.slack.test_longest import name_of, posted, refused
from tests.unit.rules import builders as make

ODD = "<&>\u202e👩‍👩‍👧 مرحبا "
NAME = (ODD * 20)[:80]
LONG_WORD = "ŵ" * 64
PEOPLE = 300
MATES = tuple(Teammate(f"{number}-{'m' * 60}", (("slack", f"U{number:010}"),)) for number in range(PEOPLE))
TEAMS = {f"{number}-{LONG_WORD}": Team(f"{number}-{LONG_WORD}", (MATES[number].name,)) for number in range(60)}
CANNED = {f"{number}-{'n' * 50}": f"answer {number} " + "é" * 1_400 + " {{ time }}" for number in range(5_000)}
POLICY: dict[str, Any] = {"teammates": MATES, "teams": TEAMS, "canned": CANNED, "bots": {"slack": "U0"}}
LINE = make.line(name=LONG_WORD, team=next(iter(TEAMS)), max_segments=10)
STORED = tuple(Canned(name=f"s{number}-{'n' * 50}", text="é" * 1_500) for number in range(1_000))
OPEN = make.state(
    conversation=make.conversation(line=LONG_WORD, labels=tuple(f"{n}{'l' * 38}" for n in range(20)), number=10**12),
    contact=Contact("c1", make.CONTACT, NAME),
    canned=STORED,
    pending=tuple(make.guarded(id=f"m{number}", author=f"slack:U{number:010}") for number in range(50)),
)
WORDS = (
    *("!assign nobody", f"!assign {MATES[7].name}", "!team nowhere", f"!team {list(TEAMS)[59]}", "!canned", "!c 1-nnn"),
    *(f"!canned 7-{'n' * 50}", f"!canned 7-{'n' * 50} time=noon", f"!canned {'x' * 3_000}", "!help", "!help canned"),
    *(f"!name {NAME}", "!label " + " ".join(f"+{n}{'m' * 38}" for n in range(20)), f"!{'x' * 3_000}", "!why"),
    *(f"!comment {ODD * 2_000}", f"!send {ODD * 900}", ODD * 2_000, "who @here " * 900, f"!optin {ODD * 300}"),
)


def shown(the_state: State, event: Any) -> Iterator[Note | Form]:
    for effect in make.done(the_state, event, LINE, **POLICY).effects:
        if isinstance(effect, PostNote | UpdateNote | AnswerPrivately):
            yield effect.note
        elif isinstance(effect, OpenForm):
            yield effect.form


def judge(found: Note | Form) -> None:
    if isinstance(found, Form):
        refused("views.open", trigger_id="1.2.3", view=forms.modal(found))
    else:
        posted(blocks.note_fallback(found, name_of), blocks.note_blocks(found, "slack", name_of))


@pytest.mark.parametrize("words", WORDS, ids=range(len(WORDS)))
def test_whatever_is_written_is_answered_within_the_limits(words: str) -> None:
    for found in shown(OPEN, make.posted(words)):
        judge(found)
    command = CommandGiven(
        external_id="c", platform="slack", room="C1", author=make.ANA, text=f"#{10**12} {words[1:]}", handle="h"
    )
    for found in shown(OPEN, command):
        judge(found)


def test_forms_offer_everybody_and_every_answer() -> None:
    (assign,) = shown(OPEN, make.pressed("assign", value="", trigger="t"))
    assert isinstance(assign, Form)
    judge(assign)
    groups = forms.modal(assign)["blocks"][0]["element"]["option_groups"]
    assert sum(len(group["options"]) for group in groups) == PEOPLE
    (search,) = shown(OPEN, make.pressed("canned", value="", trigger="t"))
    judge(search)
    chosen = FormSubmitted(
        external_id="f",
        platform="slack",
        author=make.ANA,
        form="canned",
        context=f"#{10**12} {{}}",
        values=(("response", f"7-{'n' * 50}"),),
        trigger="t",
    )
    (ask,) = shown(OPEN, chosen)
    assert isinstance(ask, Form)
    judge(ask)
    filled = replace(chosen, form=ask.name, context=ask.context, values=(("time", ODD * 30),))
    for preview in shown(OPEN, filled):
        judge(preview)


def test_the_card_says_it_all() -> None:
    face = card(OPEN, make.thread(), make.policy(LINE, **POLICY))
    drawn = cards.card_blocks(face, name_of)
    posted(cards.card_fallback(face, name_of), drawn)
    menu = next(one for block in drawn for one in block.get("elements", ()) if one.get("action_id") == "assign")
    assert sum(len(group["options"]) for group in menu["option_groups"]) == PEOPLE


def test_every_reason_of_the_guard_at_once() -> None:
    words = "@here ```x``` http://10.0.0.1 {{name}} password: tulip 4111 1111 1111 1111\n// remark\n!close"
    found = reasons(make.content(words))
    assert len(found) > 5
    for note in shown(OPEN, make.posted(words)):
        judge(note)
