"""Where a contact lives, as far as time is concerned: what a teammate said, else every zone their number allows."""

from collections.abc import Mapping
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType, number_type
from phonenumbers.timezone import time_zones_for_number

from bridge.rules.addresses import WHATSAPP

_EASTERN, _CENTRAL, _MOUNTAIN, _PACIFIC = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
)
SPLIT: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("219", "270", "364", "423", "574", "812", "850", "906", "930", "931"), (_EASTERN, _CENTRAL)),
    **dict.fromkeys(("308", "432", "605", "620", "701", "785", "915"), (_CENTRAL, _MOUNTAIN)),
    **dict.fromkeys(("208", "458", "541", "775", "986"), (_MOUNTAIN, _PACIFIC)),
    "928": (_MOUNTAIN, "America/Phoenix"),
    "907": ("America/Anchorage", "America/Adak"),
}
"""Area codes of the US that lie in two zones, of which the library knows one only."""
_US = 1
_NOWHERE = (
    *(PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST),
    *(PhoneNumberType.VOIP, PhoneNumberType.UAN),
)
_AREA = 3


@lru_cache(maxsize=4096)
def candidates(address: str) -> tuple[ZoneInfo, ...]:
    """Return every zone a number may be in, none for what is no number or says nothing of a place."""
    try:
        number = phonenumbers.parse(address.removeprefix(WHATSAPP))
    except NumberParseException:
        return ()
    if number_type(number) in _NOWHERE:
        return ()
    found = [*time_zones_for_number(number)]
    if number.country_code == _US:
        found += SPLIT.get(str(number.national_number)[:_AREA], ())
    known = (zone(name) for name in dict.fromkeys(found))
    return tuple(one for one in known if one is not None)


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo | None:
    """Return a zone of the IANA database by its name, capitals or not; None when there is none."""
    for written in (name, _capitals(name)):
        try:
            return ZoneInfo(written) if "/" in written or written == "UTC" else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return None


def _capitals(name: str) -> str:
    """``america/new york`` as ``America/New_York``."""
    return name.strip().replace(" ", "_").title().replace("_Of_", "_of_").replace("Utc", "UTC")
