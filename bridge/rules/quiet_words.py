"""Every sentence the bot says about the contact's night."""

from datetime import datetime

from bridge.domain.cards import INSERT, Button, Note
from bridge.domain.messages import Message
from bridge.domain.people import Contact

ZONE = "zone"
SEND, UNDO = "send", "undo"
OFF = ("off", "none", "unknown", "auto")

HOW = "Write the contact's time zone behind it: `!zone Europe/Lisbon`, or `!zone off` to go by their number."


def held(message: Message, until: datetime, local: datetime, *, by_hand: bool) -> Note:
    """Tell the thread that a text waits for the contact's morning. ``local``: their time now."""
    said = " ".join(message.body.replace("`", "'").replace(INSERT, "").split())
    which = f" “{said if len(said) <= SHORTENED else said[:SHORTENED] + '…'}”" if message.origin is None else ""
    anyway = (Button(SEND, "Send anyway", message.id),) if by_hand else ()
    return Note(
        f"🌙 Held{which}: it is {local:%H:%M} where the contact is. Leaves {INSERT}.",
        buttons=(*anyway, Button(UNDO, "Cancel", message.id)),
        inserts=(until,),
    )


SHORTENED = 80
"""Letters of a text nobody wrote in the thread that are repeated to tell which one is meant."""

NOT_AT_NIGHT = Note(
    "Not sent: it is the contact's night, and this line does not let anybody send now. It leaves when that is over."
)
MANAGERS_AT_NIGHT = Note(
    "Not sent: it is the contact's night, and only managers may send now. It leaves when that is over."
)
OVERTAKEN = Note("🌙 Held: the contact wrote again. A question about it stands below.")


def zone_is(name: str) -> Note:
    """Tell the actor the zone, and the time there."""
    return Note(f"The contact's time zone is {name} now.")


def zones_guessed(contact: Contact, names: tuple[str, ...]) -> Note:
    """Tell the actor what is known."""
    if contact.zone is not None:
        return Note(f"The contact's time zone is {contact.zone}. {HOW}")
    guess = f"By their number it may be {', '.join(names)}." if names else "Their number does not tell it."
    return Note(f"The contact's time zone is not set. {guess} {HOW}")


def no_zone(name: str) -> Note:
    """Say that there is no such zone."""
    return Note(f"Nothing done: `{name.replace('`', '')[:40]}` is not a time zone. {HOW}")


BY_NUMBER = Note("The contact's time zone is no longer set: their number tells it.")
