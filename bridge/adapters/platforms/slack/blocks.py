"""Messages as Slack wants them: blocks in which nothing is read as markup, and a plain text for notifications.

Limits are Slack's, in characters.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from bridge.adapters.platforms.slack.words import clean, cut, cut_escaped
from bridge.domain.cards import Button, Note
from bridge.ports.platform import ThreadText

Block: TypeAlias = dict[str, Any]

FALLBACK_LIMIT = 3_900  # chat.update refuses longer text, chat.postMessage advises against it
TEXT_LIMIT = 3_000
MESSAGE_LIMIT = 12_000
USERNAME_LIMIT = 80
BUTTON_TEXT_LIMIT, BUTTON_VALUE_LIMIT, ACTION_ID_LIMIT, ACTIONS_LIMIT = 75, 2_000, 255, 25
_CODE = re.compile(r"`([^`\n]+)`")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def text_blocks(text: ThreadText) -> list[Block]:
    """A contact's text: literal characters only; our own line under it when there is one."""
    blocks = [rich_text(section(literal(text.body)))]
    if text.note:
        blocks.append(context(plain(text.note, TEXT_LIMIT)))
    return blocks


def text_fallback(text: ThreadText) -> str:
    """What notifications and screen readers say of a contact's text."""
    return fallback(f"{text.body}\n{text.note}" if text.note else text.body)


def note_blocks(note: Note, by: str = "") -> list[Block]:
    """The bot's own words and buttons. ``by``: name of the person who did what they say; it is no mention."""
    words = _words(note.text.removesuffix(".")) + literal(f" by {by}.") if by else _words(note.text)
    return [rich_text(section(words)), *actions(note.buttons)]


def note_fallback(note: Note, by: str = "") -> str:
    """What notifications and screen readers say of a note."""
    return fallback(f"{note.text.removesuffix('.')} by {by}." if by else note.text)


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


def plain(text: str, limit: int) -> Block:
    """A text object in which nothing is read, colons included."""
    return {"type": "plain_text", "text": cut(clean(text), limit) or " ", "emoji": False}


def context(*elements: Block) -> Block:
    """A small line."""
    return {"type": "context", "elements": list(elements)}


def actions(buttons: Sequence[Button]) -> list[Block]:
    """Rows of buttons; Slack wants each action once per row."""
    return [{"type": "actions", "elements": [_button(button) for button in row]} for row in _rows(buttons)]


def _rows(buttons: Sequence[Button]) -> Iterator[list[Button]]:
    row: list[Button] = []
    for button in buttons:
        if len(row) == ACTIONS_LIMIT or any(button.action == other.action for other in row):
            yield row
            row = []
        row.append(button)
    if row:
        yield row


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
