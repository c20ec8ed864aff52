"""Whom an act means, and what people are called: configured names go before what a platform knows."""

from bridge.domain.people import Person, Teammate, person_of
from bridge.domain.policy import Policy

_NAME_WORDS = 4
"""A name has hardly more; a whole sentence is none."""


def teammate_of(person: Person, policy: Policy) -> Teammate | None:
    """Return the configured teammate a person is."""
    return next((mate for mate in policy.teammates if (person.platform, person.id) in mate.ids), None)


def name_of(key: str, policy: Policy) -> str | None:
    """Return the configured name of the person with this ``Person.key``, None when there is none."""
    mate = teammate_of(person_of(key), policy)
    return mate.name if mate else None


def is_same(key: str | None, person: Person, policy: Policy) -> bool:
    """Tell whether a ``Person.key`` means this person, be it on another platform."""
    if key is None or key == person.key:
        return key is not None
    mate = teammate_of(person, policy)
    return mate is not None and mate == teammate_of(person_of(key), policy)


def find(word: str, platform: str, policy: Policy) -> Person | None:
    """Return the teammate a typed name means, on this platform if they are on it.

    ``ana`` and ``@Ana``, and a full name that holds or begins with the configured name of one teammate alone.
    """
    wanted = word.strip().removeprefix("@").casefold()
    mate = next((mate for mate in policy.teammates if mate.name.casefold() == wanted), None) or _named(wanted, policy)
    if mate is None:
        return None
    ids = dict(mate.ids)
    return Person(platform, ids[platform]) if platform in ids else Person(*mate.ids[0])


def _named(wanted: str, policy: Policy) -> Teammate | None:
    typed = wanted.split()
    if not typed or len(typed) > _NAME_WORDS:
        return None
    fits = [
        mate
        for mate in policy.teammates
        if mate.name.casefold() in typed or mate.name.casefold().split()[: len(typed)] == typed
    ]
    return fits[0] if len(fits) == 1 else None


def keys_of(person: Person, policy: Policy) -> tuple[str, ...]:
    """Return every ``Person.key`` of a person: one for each platform they are configured on."""
    mate = teammate_of(person, policy)
    return tuple(dict.fromkeys([person.key, *(f"{platform}:{one}" for platform, one in (mate.ids if mate else ()))]))
