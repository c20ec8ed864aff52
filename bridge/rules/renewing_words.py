"""What is said of texts that were held and do not leave."""

from bridge.domain.cards import INSERT, Note
from bridge.domain.messages import Message, Purpose

SHORTENED = 80
"""Letters of a text that are repeated to tell which one is meant."""

AGREED = "it is known by now whether the contact wants texts"
ANSWERED = "a teammate has answered meanwhile"
APPOINTMENT = "the appointment has begun"
CLOSED = "the conversation was closed meanwhile"
OTHER_HOURS = "its rule asks for the business hours, and they have changed from open to closed or back since"
NO_RULE = "its rule is no longer in the configuration, or says something else"


def not_sent(message: Message, why: str) -> Note:
    """Tell that a text which was held does not leave."""
    said = " ".join(message.body.replace(INSERT, "").split())
    sign = "🤖 " if message.purpose is Purpose.AUTOMATIC else ""
    return Note(f"{sign}Not sent: “{said if len(said) <= SHORTENED else said[:SHORTENED] + '…'}”: {why}.", quiet=True)
