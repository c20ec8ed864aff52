"""Every sentence the bot says about replies that are sent later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.domain.cards import INSERT, Button, Note
from bridge.domain.messages import Message
from bridge.domain.people import Person

LATER = "later"
AGAIN, SEND, UNDO = "again", "send", "undo"

OFF = ("off", "cancel", "none")

HOW = Note(
    "Write the time and the text behind it: `!later tomorrow 9:00 Your order is ready.` `!later every mon 9:00 …` "
    "texts it again and again, `!later appointment tue 14:30` sends the canned response `appointment` a day ahead. "
    "`!later` alone lists what is planned, `!later off 2` cancels the second."
)
NONE = Note("Nothing is planned here.")
WHICH = Note("There is no such number. `!later` lists what is planned.")
CANCELLED = Note("Cancelled.")
LISTED_AT_MOST = 10
GAVE_WAY = Note("Not sent at that time: the contact wrote before.")
ASKED = Note("Not sent at its time: a question about it stands below.")
REMARK_REASON = "the words behind the time begin like a comment"
LATE_REASON = "its time passed more than a day ago, while nothing could be sent"
NO_LONGER = "its writer may no longer text from this line"


@dataclass(frozen=True, slots=True)
class Departure:
    """When a planned text leaves. ``at_night``: its own time lies in the contact's night, so it leaves after that."""

    at: datetime
    at_night: bool = False


def planned(message: str, when: Departure, plan: str | None = None) -> Note:
    """Tell the thread when the reply leaves."""
    return Note(f"⏳ {_leaves(plan, when)}", buttons=_buttons(message), inserts=(when.at,))


def planned_for(message: str, when: Departure, words: str, by: Person, plan: str | None = None) -> Note:
    """The same for a reply whose words the thread does not show."""
    said = words.replace(INSERT, "")
    return Note(
        f"⏳ {INSERT}: {said}\n{_leaves(plan, when)}", buttons=_buttons(message), inserts=(by, when.at), quiet=True
    )


def _leaves(plan: str | None, when: Departure) -> str:
    leaves = f"Leaves {INSERT}{', when their night is over' if when.at_night else ''}"
    if plan is None:
        return f"{leaves}, unless the contact writes before."
    return f"{leaves}, and {plan}." if _repeats(plan) else f"{leaves}, ahead of the appointment."


def _repeats(plan: str) -> bool:
    return plan.startswith("every ")


def listed(planned: Sequence[tuple[str, datetime, str | None, str]]) -> Note:
    """Tell what is planned: (message, when, plan, words), with a button to cancel each."""
    some = list(enumerate(planned[:LISTED_AT_MOST], 1))
    lines = [
        f"{number}. {INSERT}{_how(plan)}: “{shortened(body.replace(INSERT, ''))}”"
        for number, (_, _, plan, body) in some
    ]
    more = f"… and {len(planned) - LISTED_AT_MOST} more." if len(planned) > LISTED_AT_MOST else ""
    text = "\n".join(line for line in ("Planned here (`!later off` cancels all of it):", *lines, more) if line)
    buttons = tuple(Button(UNDO, f"Cancel {number}", message) for number, (message, *_) in some)
    return Note(text, buttons=buttons, inserts=tuple(at for _, (_, at, _, _) in some))


def _how(plan: str | None) -> str:
    if plan is None:
        return ""
    return f" ({plan})" if _repeats(plan) else " (appointment)"


def cancelled(words: str, by: Person) -> Note:
    """Tell the thread that a planned text does not leave."""
    return Note(f"Not sent later: “{shortened(words.replace(INSERT, ''))}”", by=by)


def skipped(message: Message) -> Note:
    """Tell the thread that one of a series was held until the next one was due."""
    said = shortened(message.body.replace(INSERT, ""))
    return Note(f"Not sent: it was still held when the next one was due: “{said}”")


def _buttons(message: str) -> tuple[Button, ...]:
    return (Button(SEND, "Send now", message), Button(UNDO, "Cancel", message))


def outrun(message: str, words: str) -> Note:
    """Tell the thread that the contact wrote first."""
    return Note(
        f"Not sent later, since the contact wrote first: “{words.replace(INSERT, '')}”",
        buttons=(Button(AGAIN, "Send now", message),),
    )


SHORTENED = 120
"""Letters of a reply that are repeated to tell which one is meant."""


def shortened(words: str) -> str:
    """The beginning of a reply."""
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= SHORTENED else f"{one_line[:SHORTENED]}…"
