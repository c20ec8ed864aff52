"""Words about consent: those of contacts that count, and those the bot says."""

from datetime import datetime

from bridge.domain.cards import INSERT, Button, Note
from bridge.domain.consent import Consented, ConsentKind
from bridge.domain.messages import Message
from bridge.domain.people import Person, person_of
from bridge.rules.wording import OPTED_OUT, beginning

STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
"""Words that carriers in the US hold to be a refusal of all further texts, when a text is nothing else."""
MORE_STOP_WORDS = frozenset({"arret", "arretstop", "stoparret"})
"""The same in Canada's other language."""
START_WORDS = frozenset({"start", "unstop"})
YES = frozenset({"yes"})
"""Counts for who has opted out or was asked: else it is an everyday answer."""

EVIDENCE_AT_MOST = 500
"""Letters of what somebody said that go on record."""
REVOKED, NOT_REVOKED = "revoked", "not_revoked"

DOUBT_HINT = "The contact may have asked for no more texts: answer the question in the thread."
A_TEAMMATE = "a teammate"
DECIDED = Note("This was decided already.")
ANSWERED_YES = "Opted out: nothing is texted to the contact any more."
ANSWERED_NO = "No refusal: the contact still gets texts."
SETTLED_OUT = Note("Decided: the contact has opted out since.")
SETTLED_IN = Note("Decided: the contact has agreed to texts since.")
HELD_IN_DOUBT = "⏳ Held until somebody says whether the contact wants no more texts."
HELD_FOR_YES = "⏳ Held until the contact answers YES: they never wrote, so they are asked first."
CANNOT_LIFT = Note(
    "Nothing done: the contact texted STOP themselves, and only a manager may lift that. They can text START to do so."
)
LIFTED_BY_HAND = Note(
    "Opted in again, with your words as evidence. The contact had texted STOP themselves: the law of many places wants "
    "their own clear consent after that, and the provider may go on refusing texts until they text START."
)


def opted_out(by: str, who: str | None) -> str:
    """Say that nothing may be sent, and why. ``by``: as in ``Consent``; ``who``: the teammate who noted it, if any."""
    if who is None:
        return OPTED_OUT
    if by == "contact":
        return (
            f"Opted out by {who}, on the contact's words: nothing may be sent. They can text START to allow it again."
        )
    return f"Opted out by {who}: nothing may be sent. `!optin` and how the contact agreed allows it again."


def question(message: str) -> Note:
    """Ask the team whether a text was a refusal."""
    return Note(
        "❓ Does the contact want no more texts? Automatic and planned texts wait for your answer.",
        buttons=(
            Button(REVOKED, "Yes, opt out", message, "danger"),
            Button(NOT_REVOKED, "No, go on", message),
        ),
    )


def still_asked(message: str) -> Note:
    """Ask once more."""
    asked = question(message)
    return Note(f"❓ Still to answer: {asked.text.removeprefix('❓ ')}", buttons=asked.buttons)


def answered(said: str, who: Person) -> Note:
    """Replace the question by its answer."""
    return Note(f"{said} Decided by {INSERT}.", inserts=(who,), quiet=True)


def confirmed(words: str) -> Note:
    """Show the thread what is said to the contact; whether it has left is told where every text's fate is."""
    return Note(f"Text to the contact: “{words.replace(INSERT, '')}”")


def let_through(message: Message) -> Note:
    """Replace what was said of a text that waited; whether it left is told where every text's fate is."""
    said = "" if message.origin is not None else f": “{beginning(message.body)}”"
    return Note(f"No longer held{said}.")


_KINDS = {
    ConsentKind.OPT_OUT: "no texts",
    ConsentKind.OPT_IN: "wants texts",
    ConsentKind.DOUBTED: "may want no texts",
    ConsentKind.KEPT: "still wants texts",
    ConsentKind.ASKED: "asked",
}


def consent_line(one: Consented) -> tuple[str, tuple[Person | datetime, ...]]:
    """Tell one entry of the ledger: when, what, the evidence, who noted it."""
    entry = one.entry
    said = " ".join(entry.words.replace(INSERT, "").replace("`", "'").split())
    evidence = f" “{said[:QUOTED]}{'…' if len(said) > QUOTED else ''}”" if said else ""
    reach = f"{entry.line} ({entry.scope})" if entry.scope != "line" else entry.line
    by: tuple[Person | datetime, ...] = (person_of(entry.person),) if entry.person is not None else ()
    words = f"{INSERT} {_KINDS[entry.kind]}, {reach}: {entry.source}{evidence}{f', noted by {INSERT}' if by else ''}"
    return words, (one.at, *by)


QUOTED = 60
"""Letters of the evidence that are repeated."""
