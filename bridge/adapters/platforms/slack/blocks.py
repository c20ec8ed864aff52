"""Messages as Slack wants them: blocks in which nothing is read as markup, and a plain text for notifications.

Limits are Slack's, in characters.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any, TypeAlias

from bridge.adapters.platforms.slack.words import clean, cut, cut_escaped
from bridge.domain.cards import INSERT, Button, Control, Menu, Note
from bridge.domain.people import Person
from bridge.ports.platform import ThreadText

Block: TypeAlias = dict[str, Any]
NameOf: TypeAlias = Callable[[Person], str]
"""What a person is called, for naming somebody without notifying them."""

FALLBACK_LIMIT = 3_900  # chat.update refuses longer text, chat.postMessage advises against it
TEXT_LIMIT = 3_000
MESSAGE_LIMIT = 12_000
USERNAME_LIMIT = 80
OPTIONS_LIMIT, OPTION_LIMIT, MORE_LIMIT, PLACEHOLDER_LIMIT = 100, 75, 5, 150
CHOICE_BYTES, RANGE_LIMIT = 100_000, 36
BUTTON_TEXT_LIMIT, BUTTON_VALUE_LIMIT, ACTION_ID_LIMIT, ACTIONS_LIMIT = 75, 2_000, 255, 25
DATE_FORMAT, DATE_FALLBACK = "{date_short_pretty} {time}", "%Y-%m-%d %H:%M UTC"
_USER_ID = re.compile(r"[UW][A-Z0-9]+")
_CODE = re.compile(r"`([^`\n]+)`")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def text_blocks(text: ThreadText) -> list[Block]:
    """A contact's text: literal characters only; our own line under it when there is one."""
    blocks = [rich_text(section(literal(text.body)))]
    if text.note:
        blocks.append(context(plain(text.note, TEXT_LIMIT)))
    if called := _called(text):
        # a mention of ours, in a line of our own
        blocks.append(context({"type": "mrkdwn", "text": called, "verbatim": True}))
    return blocks


def _called(text: ThreadText) -> str:
    people = [f"<@{person.id}>" for person in text.people if _USER_ID.fullmatch(person.id)]
    return " ".join([*people, *(["<!here>"] if text.everyone else [])])


def text_fallback(text: ThreadText) -> str:
    """What notifications and screen readers say of a contact's text."""
    return fallback(f"{text.body}\n{text.note}" if text.note else text.body)


def note_blocks(note: Note, platform: str, name_of: NameOf) -> list[Block]:
    """The bot's own words, the people and times in them, and buttons. ``name_of``: for people who are only named."""
    words: list[Block] = []
    for part, insert in _parts(note):
        words += _words(part) if part else []
        if insert is not None:
            words += _insert(insert, name_of, mention=not note.quiet and _is_on(insert, platform))
    if note.by:
        words += literal(f" by {name_of(note.by)}.")
    if note.link:
        words += [*literal(" "), {"type": "link", "url": note.link, "text": "Open the thread"}]
    if note.everyone:
        words += [*literal(" "), {"type": "broadcast", "range": "here"}]
    return [rich_text(section(words or literal(""))), *actions(note.buttons)]


def note_fallback(note: Note, name_of: NameOf) -> str:
    """What notifications and screen readers say of a note."""
    spoken = "".join(part + (_spoken(insert, name_of) if insert else "") for part, insert in _parts(note))
    return fallback(f"{spoken} by {name_of(note.by)}." if note.by else spoken)


def _parts(note: Note) -> Iterator[tuple[str, Person | datetime | None]]:
    """The text between the inserts, each with the insert behind it."""
    text = note.text.removesuffix(".") if note.by else note.text
    texts = text.split(INSERT)
    inserts = note.inserts[: len(texts) - 1]
    return zip(texts, [*inserts, *[None] * (len(texts) - len(inserts))], strict=True)


def _is_on(insert: Person | datetime, platform: str) -> bool:
    return isinstance(insert, Person) and insert.platform == platform


def _insert(insert: Person | datetime, name_of: NameOf, *, mention: bool) -> list[Block]:
    if isinstance(insert, datetime):
        return [moment(insert)]
    if mention and _USER_ID.fullmatch(insert.id):
        return [{"type": "user", "user_id": insert.id}]
    return literal(name_of(insert))


def moment(at: datetime) -> Block:
    """A time as each reader's zone has it."""
    shown = {"format": DATE_FORMAT, "fallback": at.strftime(DATE_FALLBACK)}
    return {"type": "date", "timestamp": int(at.timestamp()), **shown}


def _spoken(insert: Person | datetime, name_of: NameOf) -> str:
    return insert.strftime(DATE_FALLBACK) if isinstance(insert, datetime) else name_of(insert)


def fallback(text: str) -> str:
    """Top-level text of a message, never empty."""
    return cut_escaped(clean(text).strip() or "…", FALLBACK_LIMIT)


def username(name: str) -> str:
    """A contact's name as a message's author: one line of visible characters."""
    visible = " ".join(_UNSEEN.sub(" ", clean(name)).split())
    return cut(visible, USERNAME_LIMIT) or "Contact"


def literal(text: str) -> list[Block]:
    """Text elements of at most ``TEXT_LIMIT`` characters; Slack reads nothing in them."""
    shown = cut(clean(text), MESSAGE_LIMIT) or " "
    return [{"type": "text", "text": shown[start : start + TEXT_LIMIT]} for start in range(0, len(shown), TEXT_LIMIT)]


def _words(text: str) -> list[Block]:
    """Our own words, with `commands` set as code."""
    elements: list[Block] = []
    for number, part in enumerate(_CODE.split(clean(text))):
        style = {"style": {"code": True}} if number % 2 else {}
        elements += [element | style for element in literal(part)] if part else []
    return elements or literal("")


def rich_text(*parts: Block) -> Block:
    """A rich text block."""
    return {"type": "rich_text", "elements": list(parts)}


def section(elements: list[Block]) -> Block:
    """A paragraph of rich text."""
    return {"type": "rich_text_section", "elements": elements}


def quote(elements: list[Block]) -> Block:
    """Somebody's words, set apart."""
    return {"type": "rich_text_quote", "elements": elements}


def plain(text: str, limit: int) -> Block:
    """A text object in which nothing is read, colons included."""
    return {"type": "plain_text", "text": cut(clean(text), limit) or " ", "emoji": False}


def context(*elements: Block) -> Block:
    """A small line."""
    return {"type": "context", "elements": list(elements)}


def actions(controls: Sequence[Control]) -> list[Block]:
    """Rows of buttons and menus; Slack wants each action once per row."""
    return [{"type": "actions", "elements": [_control(control) for control in row]} for row in _rows(controls)]


def _rows(buttons: Sequence[Control]) -> Iterator[list[Control]]:
    row: list[Control] = []
    for button in buttons:
        if len(row) == ACTIONS_LIMIT or any(button.action == other.action for other in row):
            yield row
            row = []
        row.append(button)
    if row:
        yield row


def _control(control: Control) -> Block:
    return _button(control) if isinstance(control, Button) else _menu(control)


def _menu(menu: Menu) -> Block:
    shape: Block = {"action_id": cut(menu.action, ACTION_ID_LIMIT)}
    if menu.kind == "people":
        return {"type": "users_select", **shape, "placeholder": plain(menu.label, PLACEHOLDER_LIMIT)}
    if menu.kind == "more" and len(menu.options) <= MORE_LIMIT:
        return {"type": "overflow", **shape, "options": [option(*one) for one in menu.options]}
    return {
        "type": "static_select",
        **shape,
        "placeholder": plain(menu.label, PLACEHOLDER_LIMIT),
        **choice(menu.options),
    }


def choice(options: Sequence[tuple[str, str]]) -> Block:
    """The options of a select: as they are, or by groups named after their first and last when they are many."""
    shown = _fitting([option(value, label) for value, label in options])
    if len(shown) <= OPTIONS_LIMIT:
        return {"options": shown}
    groups = [shown[start : start + OPTIONS_LIMIT] for start in range(0, len(shown), OPTIONS_LIMIT)]
    return {"option_groups": [{"label": _range(group), "options": group} for group in groups]}


def _fitting(options: list[Block]) -> list[Block]:
    """As many as a view can carry; what is left out can still be written."""
    ends = accumulate(len(json.dumps(one)) for one in options)
    return [one for one, end in zip(options, ends, strict=True) if end <= CHOICE_BYTES]


def _range(group: Sequence[Block]) -> Block:
    first, last = group[0]["text"]["text"], group[-1]["text"]["text"]
    return plain(f"{cut(first, RANGE_LIMIT)} – {cut(last, RANGE_LIMIT)}", OPTION_LIMIT)


def option(value: str, label: str) -> Block:
    """An option of a menu."""
    return {"text": plain(label, OPTION_LIMIT), "value": cut(clean(value), OPTION_LIMIT)}


def _button(button: Button) -> Block:
    shape: Block = {
        "type": "button",
        "action_id": cut(button.action, ACTION_ID_LIMIT),
        "text": {**plain(button.label, BUTTON_TEXT_LIMIT), "emoji": True},
    }
    if button.value:
        shape["value"] = cut(button.value, BUTTON_VALUE_LIMIT)
    if button.style != "default":
        shape["style"] = button.style
    return shape
