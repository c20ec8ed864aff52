"""Two teams with their people and rooms, and what people of them do."""

from dataclasses import replace
from typing import Any

from bridge.domain.conversations import State
from bridge.domain.decision import Decision
from bridge.domain.effects import (
    AnswerPrivately,
)
from bridge.domain.events import CommandGiven, FormSubmitted
from bridge.domain.people import Person, RoomRef, Team, Teammate
from tests.unit.rules.builders import (
    ANA,
    ROOM,
    conversation,
    done,
    line,
    state,
)

BEN = Person("slack", "U2")
SALES_ROOM = RoomRef("slack", "C2")
MATES = (
    Teammate("ana", (("slack", "U1"), ("matrix", "@ana:x")), "manager"),
    Teammate("ben", (("slack", "U2"),)),
    Teammate("zoe", (("matrix", "@zoe:x"),), "observer"),
)
TEAMS = {
    "support": Team("support", ("ana",), room_mention=True, rooms=(ROOM,)),
    "sales": Team("sales", ("ben",), rooms=(SALES_ROOM,)),
    "night": Team("night", ("ana",)),
}
WITH: dict[str, Any] = {"teammates": MATES, "teams": TEAMS, "bots": {"slack": "U0"}}
SUPPORT = line(team="support")


def decided(the_state: State, event: Any, **changed: Any) -> Decision:
    return done(the_state, event, SUPPORT, **{**WITH, **changed})


def private(decision: Decision) -> str:
    return next(effect.note.text for effect in decision.effects if isinstance(effect, AnswerPrivately))


def owned(by: Person = ANA, **changed: Any) -> State:
    return state(conversation=conversation(assignee=by.key, **changed))


def given(command: str, **changed: Any) -> CommandGiven:
    plain = CommandGiven(external_id="c", platform="slack", room="C1", author=ANA, text=command, handle="h")
    return replace(plain, **changed)


def submitted(**changed: Any) -> FormSubmitted:
    plain = FormSubmitted(external_id="f", platform="slack", author=ANA, form="assign", context="#1042")
    return replace(plain, **changed)
