"""Where a contact lives, as far as time is concerned: ``!zone Europe/Lisbon``."""

from dataclasses import replace

from bridge.domain.decision import NOTHING, Decision
from bridge.domain.people import Contact
from bridge.rules import quiet_words as words
from bridge.rules import zones
from bridge.rules.act import Act
from bridge.rules.merged import reply_route


def zone(act: Act) -> Decision:
    """Set the time zone of the contact that replies go to; without a name, tell what is known."""
    route = reply_route(act.state)
    contact, wanted = route.contact if route is not None else act.state.contact, act.argument.strip()
    if act.state.conversation is None or contact is None:
        return NOTHING
    if not wanted:
        return act.tell(words.zones_guessed(contact, tuple(one.key for one in zones.candidates(contact.address))))
    if wanted.casefold() in words.OFF:
        return _changed(act, contact, None, words.BY_NUMBER)
    found = zones.zone(wanted)
    if found is None:
        return act.tell(words.no_zone(wanted))
    return _changed(act, contact, found.key, words.zone_is(found.key))


def _changed(act: Act, contact: Contact, zone: str | None, said: words.Note) -> Decision:
    if contact.zone == zone:
        return Decision(effects=act.told(said))
    contact = replace(contact, zone=zone)
    own = act.state.contact is not None and act.state.contact.id == contact.id
    return Decision(
        contact=contact if own else None,
        contacts=() if own else (contact,),
        effects=(act.record("zone_set", detail=contact.zone or ""), *act.told(said)),
    )
