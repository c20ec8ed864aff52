"""What people say of themselves in Slack: whether their status means that they are away, and until when.

Presence is not asked for: it says that somebody is not at a keyboard, which is no absence.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from bridge.adapters.platforms.slack.identity import Json, mapping, text
from bridge.adapters.platforms.slack.reading import Reading, key
from bridge.adapters.platforms.slack.words import clean, without_tone
from bridge.domain.events import ChatEvent, StatusChanged
from bridge.domain.people import Person

_EMOJI = frozenset(
    {
        *("palm_tree", "desert_island", "beach_with_umbrella", "umbrella_on_ground", "airplane", "airplane_departure"),
        *("face_with_thermometer", "face_with_head_bandage", "mask", "hospital", "no_entry", "no_entry_sign"),
    }
)
"""Those Slack and calendars set for vacations, illness and absences, and their like."""
_WORDS = re.compile(
    r"\b(?:out of (?:the )?office|ooo|vacation(?:ing)?|on (?:a |my )?(?:holidays?|pto|\w* ?leave)"
    r"|out sick|sick (?:day|leave)|off (?:today|sick|work)|day off|away until|back on)\b",
    re.IGNORECASE,
)
_LAST = 32_503_680_000  # seconds; the year 3000


def changed(reading: Reading, event: Json) -> Sequence[ChatEvent]:
    """Somebody's profile changed; what their status says now."""
    user = mapping(event.get("user"))
    nobody = user.get("is_bot") is True or text(user, "id") in ("", reading.us.user)
    if nobody or not mapping(user.get("profile")):
        return ()
    away, until = away_until(user)
    when = text(event, "event_ts") or str(user.get("updated"))
    person = Person(reading.platform, clean(text(user, "id")))
    external_id = key("status", person.id, when)
    return (StatusChanged(external_id=external_id, person=person, away=away, until=until),)


def away_until(user: Json) -> tuple[bool, datetime | None]:
    """Whether somebody's status says that they are away, and until when if it says that as well."""
    profile = mapping(user.get("profile"))
    says = without_tone(text(profile, "status_emoji")) in _EMOJI or _WORDS.search(text(profile, "status_text"))
    end = profile.get("status_expiration")
    if not says or not isinstance(end, int) or not 0 < end < _LAST:
        return bool(says), None
    return True, datetime.fromtimestamp(end, UTC)
