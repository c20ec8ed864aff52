"""Whether a contact wants texts, and what is on record of that."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, TypeAlias

Scope: TypeAlias = Literal["line", "account", "everything"]
Source: TypeAlias = Literal["keyword", "provider", "words", "person", "bridge"]


class ConsentKind(StrEnum):
    """What happened.

    ``doubted``: a text may have been a refusal in other words; ``kept``: somebody says that it was none.
    ``asked``: the contact was asked by text whether they want texts.
    """

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    DOUBTED = "doubted"
    KEPT = "kept"
    ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What is known about an address besides whether it opted out.

    ``since``: when it opted out, ``by`` whom, and on which ``line``; empty where that is older than this record.
    ``noted_by``: ``Person.key`` of the teammate who opted it out by hand, or took the contact's words for it.
    ``doubt``: id of a text that may be a refusal, until somebody decides. ``given``: the contact agreed to texts in so
    many words; ``asking``: they are to be asked before the first text, or were and have not answered. ``told``: they
    were told how to opt out.
    """

    since: datetime | None = None
    by: Literal["contact", "person", ""] = ""
    line: str = ""
    noted_by: str | None = None
    doubt: str | None = None
    given: bool = False
    asking: Literal["", "due", "asked"] = ""
    told: bool = False


UNKNOWN = Consent()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEntry:
    """One line of the ledger, which is only ever added to.

    ``contact``: id; ``line``, ``account``: where it happened, ``scope``: how far it reaches. ``source``: a word that
    stands alone, the provider's own signal or refusal, a text in other words, a person, or the bridge itself.
    ``words``: the evidence; ``person``: ``Person.key``; ``message``: the text it came by.
    """

    kind: ConsentKind
    contact: str
    address: str
    line: str
    account: str
    scope: Scope
    source: Source
    conversation: int
    words: str = ""
    person: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Consented:
    """An entry as it stands in the ledger."""

    at: datetime
    entry: ConsentEntry
