"""What one person is shown of all conversations: the queue on App Home and in private, and reports."""

from bridge.domain.cards import Note
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import AnswerPrivately
from bridge.domain.events import ButtonPressed, CommandGiven, HomeOpened
from bridge.domain.policy import Policy
from bridge.domain.queue import SECTIONS, View, section_of
from bridge.domain.showing import PublishHome, TellFound, TellQueue, TellReport
from bridge.rules import report_words
from bridge.rules.absence import may_not
from bridge.rules.act import also

COMMAND = "queue"
SEARCH = "search"
FOUND = 10
"""Conversations that a search tells at most."""
WORDS_AT_MOST, LETTERS_AT_MOST = 8, 60
"""Words that are looked for, and how much of each: its beginning finds it, too."""
HOW_TO_SEARCH = Note(
    "Write what to look for behind it: `/sms search invoice`. A name or part of a number will do, too."
)
NO_SECTION = Note(f"The queue has no such section. Write `/sms queue` and one of: {', '.join(SECTIONS)}.")


def home_opened(event: HomeOpened) -> Decision:
    """Show the queue to who looks at it; guests and people of other organisations are shown who may see one."""
    if event.author.bot:
        return NOTHING
    return Decision(effects=(PublishHome(event.author, event.view),))


def shown_anew(decision: Decision, event: ButtonPressed) -> Decision:
    """Show the queue again after a button in it was pressed."""
    return decision if event.home is None else also(decision, PublishHome(event.author, event.home))


def queue_command(event: CommandGiven, argument: str) -> Decision:
    """Tell the queue of the room's lines to one person. ``argument``: a section, or empty."""
    asked = argument.strip().casefold()
    told = may_not(event.author) or (NO_SECTION if asked and section_of(asked) is None else None)
    if told is not None:
        return Decision(effects=(AnswerPrivately(event.author, event.room, None, told, event.handle),))
    view = View(section_of(asked))
    return Decision(effects=(TellQueue(event.author, event.room, view, event.handle),))


def search_command(event: CommandGiven, argument: str) -> Decision:
    """Tell one person where the words were said, in the conversations of the room's lines."""
    wanted = " ".join(word[:LETTERS_AT_MOST] for word in argument.split()[:WORDS_AT_MOST])
    refused = may_not(event.author) or (None if wanted else HOW_TO_SEARCH)
    if refused is not None:
        return Decision(effects=(AnswerPrivately(event.author, event.room, None, refused, event.handle),))
    return Decision(effects=(TellFound(event.author, event.room, wanted, event.handle),))


def told(words: str, many: int) -> str:
    """Say how much was found."""
    if not many:
        return f"Nothing found for “{words}” in this room's newest conversations."
    if many > FOUND:
        return f"The newest {FOUND} with “{words}”. A further word finds fewer."
    return f"Found for “{words}”: {many}"


def report_command(event: CommandGiven, argument: str, policy: Policy) -> Decision:
    """Bring one person a report of the room's lines. ``argument``: days and grouping, or empty."""
    told = may_not(event.author) or _no_report(event, argument, policy)
    if told is not None:
        return Decision(effects=(AnswerPrivately(event.author, event.room, None, told, event.handle),))
    return Decision(effects=(TellReport(event.author, event.room, argument, event.handle),))


def _no_report(event: CommandGiven, argument: str, policy: Policy) -> Note | None:
    if report_words.read(argument) is None:
        return report_words.HOW
    return None if event.platform in policy.direct else report_words.NO_DIRECT
