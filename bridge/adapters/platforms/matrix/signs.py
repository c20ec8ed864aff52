"""The signs of marks, reactions and buttons; Matrix has no buttons, so they are reactions the bot makes first."""

from collections.abc import Mapping, Sequence

from bridge.adapters.platforms.matrix.errors import Json, mapping
from bridge.adapters.platforms.matrix.words import bare
from bridge.domain.cards import Button
from bridge.domain.messages import Mark

BUTTONS_KEY = "org.textbridge.buttons"
"""In the content of a note: what its reactions stand for, as sign to [action, value]."""

MARKS: Mapping[Mark, Sequence[str]] = {
    Mark.HELD: ("⏳", "❌"),  # the second is the button that stops it
    Mark.ACCEPTED: ("📤",),
    Mark.DELIVERED: ("☑️",),
    Mark.FAILED: ("⚠️",),
    Mark.KEPT: ("🔒",),
}
REACTIONS: Mapping[str, str] = {
    "👀": "eyes",
    "✅": "white_check_mark",
    "💤": "zzz",
    "❌": "x",
    "✖": "x",
    "🔁": "repeat",
    "📨": "incoming_envelope",
}
"""What a reaction without its variation selector is called in the vocabulary."""

_OF_ACTIONS: Mapping[str, str] = {
    "send": "📨",
    "keep": "🔒",
    "undo": "❌",
    "again": "🔁",
    "claim": "👀",
    "close": "✅",
    "reopen": "🔓",
}
_NUMBERS = tuple(f"{number}\ufe0f\u20e3" for number in range(1, 10))
BUTTONS = frozenset(bare(sign) for sign in (*_OF_ACTIONS.values(), *_NUMBERS))


def signed(buttons: Sequence[Button]) -> list[tuple[str, Button]]:
    """Each button with a sign of its own."""
    found: list[tuple[str, Button]] = []
    left = list(_NUMBERS)
    for button in buttons[: len(_NUMBERS)]:
        sign = _OF_ACTIONS.get(button.action, "")
        taken = {other for other, _ in found}
        found.append((sign if sign and sign not in taken else left.pop(0), button))
    return found


def pressed(note: Json, key: str) -> list[str] | None:
    """[action, value] of the button a reaction to a note of ours stands for. ``note``: the event as it stands now."""
    buttons = mapping(_newest(note).get(BUTTONS_KEY))
    for sign, button in buttons.items():
        if bare(sign) == key and isinstance(button, list):
            return [str(part) for part in button[:2]]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - JSON
    return None


def _newest(event: Json) -> Json:
    """The content of an event after its last edit, which the server sends along with it."""
    edit = mapping(mapping(mapping(event.get("unsigned")).get("m.relations")).get("m.replace"))
    edited = mapping(mapping(edit.get("content")).get("m.new_content"))
    return edited or mapping(event.get("content"))
