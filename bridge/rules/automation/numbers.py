"""What a contact's number tells: its country, its state or province, and its area."""

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from bridge.domain.areas import AREAS
from bridge.rules.addresses import WHATSAPP

_NORTH_AMERICA = 1
_AREA = 3


@dataclass(frozen=True, slots=True)
class Origin:
    """``regions``: its country (two letters), with its state or province (``US-CA``); of a few areas several provinces.

    ``national``: the digits behind the country code.
    """

    regions: frozenset[str] = frozenset()
    national: str = ""


@lru_cache(maxsize=1024)
def origin_of(address: str) -> Origin:
    """Return where an address in its one form is from; nothing for a short code or letter sender."""
    try:
        number = phonenumbers.parse(address.removeprefix(WHATSAPP))
    except phonenumbers.NumberParseException:
        return Origin()
    code, national = number.country_code or 0, phonenumbers.national_significant_number(number)
    parts = AREAS.get(national[:_AREA], ()) if code == _NORTH_AMERICA else ()
    # a number in use nowhere, as those for examples and tests, is its area's, else its country code's main country's
    country = phonenumbers.region_code_for_number(number) or _country(parts, code)
    return Origin(frozenset((country, *(part for part in parts if part.startswith(country)))) - {""}, national)


def _country(parts: tuple[str, ...], code: int) -> str:
    return parts[0].partition("-")[0] if parts else phonenumbers.region_code_for_country_code(code) or ""
