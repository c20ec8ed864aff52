"""What is said of automatic texts that were held and do not leave."""

from bridge.domain.cards import INSERT, Note

SHORTENED = 80
"""Letters of an automatic text that are repeated to tell which one is meant."""

ANSWERED = "a teammate has answered meanwhile"
CLOSED = "the conversation was closed meanwhile"
OTHER_HOURS = "its rule asks for the business hours, and they have changed from open to closed or back since"
NO_RULE = "its rule is no longer in the configuration, or says something else"


def not_sent(words: str, why: str) -> Note:
    """Tell that a text which was held does not leave."""
    said = " ".join(words.replace(INSERT, "").split())
    return Note(f"🤖 Not sent: “{said if len(said) <= SHORTENED else said[:SHORTENED] + '…'}”: {why}.", quiet=True)
