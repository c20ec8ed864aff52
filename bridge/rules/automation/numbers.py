"""What a contact's number tells: its country and its area."""

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from bridge.rules.addresses import WHATSAPP


@dataclass(frozen=True, slots=True)
class Origin:
    """``country``: two letters, empty for what is no number; ``national``: the digits behind the country code."""

    country: str = ""
    national: str = ""


@lru_cache(maxsize=1024)
def origin_of(address: str) -> Origin:
    """Return where an address in its one form is from; nothing for a short code or letter sender."""
    try:
        number = phonenumbers.parse(address.removeprefix(WHATSAPP))
    except phonenumbers.NumberParseException:
        return Origin()
    # a number in use nowhere, as those for examples and tests, is its country code's main country's
    country = phonenumbers.region_code_for_number(number) or phonenumbers.region_code_for_country_code(
        number.country_code or 0
    )
    return Origin(country or "", phonenumbers.national_significant_number(number))
