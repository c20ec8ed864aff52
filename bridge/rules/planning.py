"""When a planned text leaves: once, again and again, or ahead of an appointment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.domain.cards import Note
from bridge.rules import canned, opening_words, templates
from bridge.rules import canned_wording as say
from bridge.rules.act import Act
from bridge.rules.when import NoTime, When, read
from bridge.rules.when_words import WEEKDAYS

EVERY, APPOINTMENT = "every", "appointment"
"""First words of a plan that is not for once; ``APPOINTMENT`` is a canned response's name, too."""
AHEAD = (timedelta(days=1), timedelta(hours=2))
"""So long before an appointment its reminder leaves: the first that is still to come."""

HOW_EVERY = "Write `!later every mon 9:00 text` or `!later every day 9:00 text`."
TOO_SOON = "That is within two hours: too soon for a reminder. Send it now, or write the time: `!later 30m text`."


@dataclass(frozen=True, slots=True)
class Plan:
    """``words`` leave at ``at``. ``plan``: as ``Message.plan``, None: once, unless the contact writes before."""

    at: datetime
    words: str
    plan: str | None = None


def read_plan(act: Act, argument: str) -> Plan | Note:
    """Return what stands behind ``!later``, or what to tell the writer instead."""
    first, _, rest = argument.strip().partition(" ")
    if first.casefold() == EVERY:
        return _every(act, rest)
    if first.casefold() == APPOINTMENT:
        return _appointment(act, rest)
    found = read(argument, act.now, act.zone)
    return Note(f"Not sent. {found.why}") if isinstance(found, NoTime) else Plan(found.at, found.rest)


def _every(act: Act, rest: str) -> Plan | Note:
    found = _next(act, rest)
    if found is None:
        return Note(f"Not sent. {HOW_EVERY}")
    if isinstance(found, NoTime):
        return Note(f"Not sent. {found.why}")
    said = " ".join(rest.removesuffix(found.rest).split()).rstrip(":")
    return Plan(found.at, found.rest, f"{EVERY} {said}")


def _next(act: Act, rest: str) -> When | NoTime | None:
    """The next time of ``mon 9:00`` or ``day 9:00``; None when it is neither."""
    first, _, clock = rest.strip().partition(" ")
    day = first.casefold().rstrip(":")
    if day == "day":
        return read(clock, act.now, act.line_zone)
    return read(rest, act.now, act.line_zone) if day in WEEKDAYS else None


def is_past(plan: str | None, now: datetime) -> bool:
    """Tell whether a text is ahead of an appointment that has begun."""
    first, _, rest = (plan or "").partition(" ")
    return first == APPOINTMENT and datetime.fromisoformat(rest) <= now


def next_time(act: Act, plan: str | None) -> datetime | None:
    """Return when a text leaves again after now, None: it does not."""
    if plan is None or not plan.startswith(EVERY):
        return None
    found = _next(act, plan.removeprefix(EVERY))
    return found.at if isinstance(found, When) else None


def _appointment(act: Act, rest: str) -> Plan | Note:
    """A canned response, filled in with day and time, a day ahead or else two hours."""
    found = read(rest, act.now, act.line_zone)
    if isinstance(found, NoTime):
        return Note(f"Not sent. {found.why}")
    at = next((found.at - ahead for ahead in AHEAD if found.at - ahead > act.now), None)
    if at is None:
        return Note(f"Not sent. {TOO_SOON}")
    title = found.rest or APPOINTMENT
    response = canned.choose(act.policy, act.state.canned, canned.team_of(act), title)
    if response is None or response.text is None:
        return say.unknown(title, tuple(act.policy.canned))
    day, clock = opening_words.day_and_time(found.at.astimezone(act.line_zone))
    values = {**canned.known_values(act), "appointment.day": day, "appointment.time": clock}
    try:
        return Plan(at, templates.render(response.text, values).strip(), f"{APPOINTMENT} {found.at.isoformat()}")
    except templates.MissingValues as missing:
        return say.unusable(response.title, f"it asks for {', '.join(missing.names)}, which a reminder does not know")
    except templates.TemplateRefused as refused:
        return say.unusable(response.title, str(refused))
