"""Whom an act means, and what people are called: configured names go before what a platform knows."""

from dataclasses import replace
from datetime import datetime
from itertools import zip_longest

from bridge.domain.cards import INSERT, Note
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


def on_platform(person: Person, platform: str, policy: Policy) -> Person:
    """Return a person as this platform knows them: a teammate who is on it by their id there, else as they are."""
    mate = teammate_of(person, policy) if person.platform != platform else None
    there = dict(mate.ids).get(platform) if mate else None
    return Person(platform, there) if there else person


def note_on(note: Note, platform: str, policy: Policy) -> Note:
    """Return a note as it is shown on a platform: teammates by their ids there, or by name if they are not on it."""
    first, *parts = note.text.split(INSERT)
    text, inserts = first, list[Person | datetime]()
    for insert, part in zip_longest(note.inserts[: len(parts)], parts, fillvalue=None):
        seen = on_platform(insert, platform, policy) if isinstance(insert, Person) else insert
        name = _name_of_absent(seen, platform, policy)
        text += f"{name or INSERT}{part}"
        inserts += [seen] if seen is not None and name is None else []
    by = on_platform(note.by, platform, policy) if note.by else None
    if doer := _name_of_absent(by, platform, policy):
        text, by = f"{text.removesuffix('.')} by {doer}.", None
    return replace(note, text=text, inserts=tuple(inserts), by=by)


def _name_of_absent(who: Person | datetime | None, platform: str, policy: Policy) -> str | None:
    """The configured name of somebody who is not on a platform."""
    return name_of(who.key, policy) if isinstance(who, Person) and who.platform != platform else None


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
