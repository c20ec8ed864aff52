"""Every sentence that a rule of the operator's says in a thread."""

from bridge.domain.automation import Rule
from bridge.domain.cards import INSERT, Note
from bridge.domain.people import Person

WORDS_AT_MOST = 2_500


def code(name: str) -> str:
    """Return a rule's name so that it cannot be taken for anything else."""
    return f"`{name.replace('`', '').replace(INSERT, '')}`"


def sent(rule: Rule, words: str) -> Note:
    """Show what was texted without a person's doing."""
    return Note(f"🤖 Automatic text by the rule {code(rule.name)}: {words.replace(INSERT, '')}", quiet=True)


def commented(rule: Rule, words: str) -> Note:
    """Show a rule's comment."""
    return Note(f"🔒 The rule {code(rule.name)}: {words.replace(INSERT, '')[:WORDS_AT_MOST]}", quiet=True)


def assigned(rule: Rule, person: Person) -> Note:
    """Ring who has it now."""
    return Note(f"Assigned to {INSERT} by the rule {code(rule.name)}.", inserts=(person,))


def handed_over(rule: Rule, team: str) -> Note:
    """Tell the thread that is left."""
    said = (
        f"Handed over to {team} by the rule {code(rule.name)}. It goes on there; replies here still reach the contact."
    )
    return Note(said, quiet=True)


def received(rule: Rule, team: str) -> Note:
    """Tell the thread of the team that has it now."""
    return Note(f"Handed over to {team} by the rule {code(rule.name)}.", quiet=True)


def called(rule: Rule, person: Person | None, words: str) -> Note:
    """Tell somebody, or a room, what a rule was written to tell."""
    said = words.replace(INSERT, "").strip() or f"The rule {code(rule.name)} calls you here."
    return Note(said) if person is None else Note(f"{INSERT} {said}", inserts=(person,))


def elsewhere(number: int, said: Note) -> Note:
    """The same in a room that does not have the conversation's thread."""
    return Note(f"#{number}: {said.text}", everyone=said.everyone)
