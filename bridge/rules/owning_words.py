"""Every sentence the bot says about who owns a conversation and what is on record of it."""

from bridge.domain.cards import INSERT, Field, Form, Note
from bridge.domain.people import Person

ASSIGN = "assign"
CLAIM = "claim"
UNASSIGN = "unassign"
TEAM = "team"
WATCH = "watch"
UNWATCH = "unwatch"
LABEL = "label"
NAME = "name"
BLOCK = "block"
UNBLOCK = "unblock"
OPT_OUT = "optout"
OPT_IN = "optin"
COMMENT = "comment"
HISTORY = "history"
WHY = "why"
HELP = "help"

YOURS = Note("It is yours.")
NOBODYS = Note("Nobody is assigned any more.")
ALREADY_NOBODYS = Note("Nobody is assigned.")
WATCHING = Note("You are told of each new text in this conversation.")
NOT_WATCHING = Note("You are no longer told of new texts in this conversation.")
WHOM = Note("Whom? Write `!assign @name`, with a mention or a configured teammate's name.")
ME = "me"
"""What stands for who writes it, as in ``!assign me``."""
ONE_PERSON = Note("Not assigned: it can be one person's only. Mention one.")
MAY_NOT_OWN = Note("Not assigned: this person may not text from this line.")
OUTSIDER_OWNS = Note(
    "Not assigned: guests and people of other organisations cannot text the contact. Choose a teammate of this one."
)
OUTSIDER_WATCHES = Note("Nothing done: guests and people of other organisations are not told of texts.")
LABEL_HOW = Note("Write `!label +lead -spam`: letters, digits, `.`, `_` and `-`, up to 40 signs and 20 labels.")
NAME_HOW = Note("Write the contact's name behind it, at most 80 signs: `!name Maria Silva`.")
OPT_IN_HOW = Note(
    "Write the contact's words of consent behind it, as evidence: `!optin she said yes on the phone today`."
)
COMMENT_HOW = Note("Write the comment behind it.")
BLOCKED = "The contact is blocked, so nothing may be sent. `!unblock` lifts it."
BLOCKED_NOTE = Note("Blocked. Texts are kept but call nobody, and replies are refused.")
UNBLOCKED_NOTE = Note("No longer blocked.")
OPTED_OUT_NOTE = Note("Opted out. Nothing is texted to the contact any more.")
OPTED_IN_NOTE = Note("Opted in again, with your words as evidence.")
NOTED = Note("Kept as a comment.")
NO_RECORD = Note("Nothing is on record yet.")
NOT_HERE = Note("There is no conversation of that number in this room.")


def erased(number: int) -> Note:
    """Tell that nothing is left to act on."""
    return Note(f"Nothing done: the contact of #{number} was erased. A new text of theirs begins a new conversation.")


def others(number: int, line: str) -> Note:
    """Refuse somebody of another team who is in another room."""
    return Note(f"Nothing done: #{number} is {line}'s. Ask somebody there.")


def assigned(person: Person) -> Note:
    """Tell the thread, and ring the one it is about."""
    return Note(f"Assigned to {INSERT}.", inserts=(person,))


def is_assigned(person: Person) -> Note:
    """Tell the actor who owns it now."""
    return Note(f"Assigned to {INSERT}.", inserts=(person,), quiet=True)


def taken(person: Person) -> Note:
    """Tell somebody who claims what is another's."""
    return Note(
        f"It is {INSERT}'s already. To take it over, write `!assign me`.",
        inserts=(person,),
        quiet=True,
    )


def unknown_person(word: str) -> Note:
    """Say that nobody of this name is known."""
    return Note(f"Not assigned: no teammate is called `{word}`. Mention the person with @.")


def unknown_team(word: str, teams: tuple[str, ...]) -> Note:
    """Say which teams there are."""
    there = ", ".join(f"`{name}`" for name in teams) or "none are configured"
    return Note(f"There is no team `{word}`. Teams: {there}." if word else f"Which team? Teams: {there}.")


def same_team(team: str) -> Note:
    """Say that a hand-over changes nothing."""
    return Note(f"It is {team}'s already.")


def handed_over(team: str, by: Person) -> Note:
    """Tell the old thread."""
    return Note(
        f"Handed over to {team} by {INSERT}. It goes on there; replies here still reach the contact.",
        inserts=(by,),
        quiet=True,
    )


def received(team: str, by: Person) -> Note:
    """Tell the thread of the team that has it now."""
    return Note(f"Handed over to {team} by {INSERT}.", inserts=(by,), quiet=True)


def now_teams(team: str) -> Note:
    """Tell the actor."""
    return Note(f"Handed over to {team}.")


def labels_now(labels: tuple[str, ...]) -> Note:
    """Tell the actor the labels."""
    return Note(f"Labels: {', '.join(labels)}." if labels else "No labels.")


def named(name: str) -> Note:
    """Tell the actor the contact's name."""
    return Note(f"The contact is called {name} now.")


def commented(words: str, by: Person) -> Note:
    """Show a comment that was not written in the thread."""
    return Note(f"🔒 {INSERT}: {words}", inserts=(by,), quiet=True)


def answered_by(name: str) -> str:
    """Say why a reply is held: somebody else was faster."""
    return f"{name} answered at the same time"


WROTE_AGAIN = "the contact wrote again before this reply left, and you may not have seen it"


def assign_form(number: int, mates: tuple[str, ...]) -> Form:
    """Ask whom to assign: one of the configured teammates, else anybody of the platform."""
    options = tuple((name, name) for name in mates)
    field = Field(name="who", label="Teammate", kind="choice" if options else "person", options=options)
    return Form(name=ASSIGN, title="Assign", submit="Assign", fields=(field,), context=f"#{number}")
