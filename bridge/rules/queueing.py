"""The queue on App Home and in private: asked for, turned over, shown anew after an act."""

from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import AnswerPrivately, PublishHome, TellQueue
from bridge.domain.events import ButtonPressed, CommandGiven, HomeOpened
from bridge.domain.queue import View, section_of
from bridge.rules.absence import may_not
from bridge.rules.act import also

COMMAND = "queue"


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
    refused = may_not(event.author)
    if refused is not None:
        return Decision(effects=(AnswerPrivately(event.author, event.room, None, refused, event.handle),))
    view = View(section_of(argument.strip().casefold()))
    return Decision(effects=(TellQueue(event.author, event.room, view, event.handle),))
