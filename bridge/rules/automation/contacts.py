"""What rules ask of a contact."""

from bridge.domain.conditions import AddressKind, ConsentStatus
from bridge.domain.conversations import Conversation
from bridge.domain.people import Contact
from bridge.rules import zones
from bridge.rules.addresses import WHATSAPP


def kind_of(address: str) -> AddressKind:
    """Return what kind of address it is, in its one form."""
    if address.startswith(("+", WHATSAPP)):
        return "number"
    return "short_code" if address.isdigit() else "letters"


def is_in(contact: Contact, names: tuple[str, ...]) -> bool:
    """Tell whether the contact is in one of these zones whatever of the possible ones is theirs."""
    if contact.zone is not None:
        return contact.zone in names
    possible = zones.candidates(contact.address)
    return bool(possible) and all(one.key in names for one in possible)


def consent_of(conversation: Conversation) -> ConsentStatus:
    """Return what is known of whether the contact wants texts."""
    known = conversation.consent
    if conversation.opted_out:
        return "opted_out"
    if known.doubt is not None:
        return "doubted"
    if known.given:
        return "given"
    return "asked" if known.asking == "asked" else "unknown"
