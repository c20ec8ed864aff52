"""Which action can be done from where, read from the code that does it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bridge.domain.cards import Button, Control, Note
from bridge.domain.conversations import Conversation, ConversationStatus, Merged
from bridge.domain.people import Person, RoomRef
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules import later_words, merging_words, wording
from bridge.rules.absence_words import AWAY, BACK
from bridge.rules.actions import ACTIONS, OF_MESSAGES, REACTIONS, REACTIONS_REMOVED
from bridge.rules.beginning import COMMAND as BEGIN
from bridge.rules.canned import COMMAND as CANNED
from bridge.rules.cards import controls
from bridge.rules.commands import AVAILABLE
from bridge.rules.helping import ON
from bridge.rules.owning_words import HELP
from bridge.rules.queueing import COMMAND as QUEUE
from bridge.rules.queueing import SEARCH
from bridge.rules.report_words import COMMAND as REPORT
from bridge.rules.surfaces import BUTTONS

COLUMNS = ("action", "thread", "`@textbridge …`", "`/sms …`", "card", "question or note", "reaction", "*More actions*")
_EMOJI = {"x": "❌", "incoming_envelope": "📨", "repeat": "🔁", "white_check_mark": "✅", "eyes": "👀", "zzz": "💤"}
OF_ROOMS = (AWAY, BACK, BEGIN, CANNED, HELP, QUEUE, REPORT, SEARCH)
"""Words that ``/sms`` takes without a conversation's number."""
_SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cell:
    """One way to an action: ``column`` of the table, and what is written, pressed or chosen there."""

    action: str
    column: str
    entry: str


def table(shortcuts: Mapping[str, str]) -> str:
    """Return the table of actions and surfaces in Markdown. ``shortcuts``: the platform's, name by action."""
    rows = [_row(action, shortcuts) for action in _actions(shortcuts)]
    lines = [COLUMNS, ("---",) * len(COLUMNS), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def cells(shortcuts: Mapping[str, str]) -> list[Cell]:
    """Return every way to every action, as the table has them."""
    return [
        Cell(action, column, entry)
        for action in _actions(shortcuts)
        for column, entries in zip(COLUMNS[1:], _entries(action, shortcuts), strict=True)
        for entry in entries
    ]


def _actions(shortcuts: Mapping[str, str]) -> list[str]:
    return sorted({*ACTIONS, *AVAILABLE, *OF_ROOMS, *(name for name in shortcuts if name in ON)})


def _row(action: str, shortcuts: Mapping[str, str]) -> tuple[str, ...]:
    words, rest = _entries(action, shortcuts)[:3], _entries(action, shortcuts)[3:]
    typed = (tuple(f"`{entry}`" for entry in entries) for entries in words)
    return (action, *(", ".join(entries) for entries in (*typed, *rest)))


def _entries(action: str, shortcuts: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    word = action in AVAILABLE
    by_number = word and action in BUTTONS and (action not in OF_MESSAGES or action in ("undo", "again"))
    return (
        (f"!{action}",) if word else (),
        (action,) if by_number else (),
        tuple(_room_words(action, by_number=by_number)),
        _labels(_on_cards(), action),
        _labels(_on_notes(), action),
        _reactions(action),
        (shortcuts[action],) if action in shortcuts else (),
    )


def _room_words(action: str, *, by_number: bool) -> Iterator[str]:
    if by_number:
        yield f"#1042 {action}"
    if action in OF_ROOMS:
        yield action


def _labels(controls: Sequence[Control], action: str) -> tuple[str, ...]:
    found: list[str] = []
    for control in controls:
        if isinstance(control, Button):
            found += [control.label] if control.action == action else []
        elif control.action == action:
            found.append(control.label)
        elif control.kind == "more":
            found += [f"{control.label}: {label}" for value, label in control.options if value == action]
    return tuple(dict.fromkeys(found))


def _on_cards() -> list[Control]:
    plain = Conversation(number=1, line="", contact="", status=ConversationStatus.OPEN, created_at=_SOME_TIME)
    closed = Conversation(
        number=1, line="", contact="", status=ConversationStatus.CLOSED, created_at=_SOME_TIME, assignee="x:y"
    )
    asleep = replace(plain, status=ConversationStatus.SNOOZED)
    merged = replace(closed, merged=Merged(into=2, at=_SOME_TIME, status=ConversationStatus.OPEN))
    some = (plain, closed, asleep, merged)
    room = (RoomRef("", ""),)
    line = LinePolicy(name="", account="", address="", rooms=room, personal="", shared_rooms=room)
    return [control for one in some for control in controls(one, line, Policy(lines={}))]


def _on_notes() -> list[Control]:
    notes: tuple[Note, ...] = (
        wording.undo_offer("m", "", timedelta(seconds=5)),
        wording.question("m", "", ()),
        wording.failed("m", ""),
        later_words.planned("m", later_words.Departure(_SOME_TIME)),
        merging_words.away(2, 1, Person("", "")),
    )
    return [button for note in notes for button in note.buttons]


def _reactions(action: str) -> tuple[str, ...]:
    given = [_EMOJI.get(name, name) for name, meant in REACTIONS.items() if meant == action]
    taken = [f"{_EMOJI.get(name, name)} taken back" for name, meant in REACTIONS_REMOVED.items() if meant == action]
    return (*given, *taken)
