"""What the operator's rules may ask before they act."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeAlias

AddressKind: TypeAlias = Literal["number", "short_code", "letters"]
ConsentStatus: TypeAlias = Literal["opted_out", "doubted", "asked", "given", "unknown"]


@dataclass(frozen=True, slots=True)
class All:
    """Every one of these holds; nothing in it: always."""

    of: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these holds."""

    of: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """None of these holds."""

    of: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class OnLine:
    """The conversation is one of these lines'."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FromNumber:
    """The contact's address is one of these, each in its one form."""

    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FromAreaCode:
    """The contact's number begins, behind its country code, with one of these digits."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FromRegion:
    """The contact's number is one of these countries' (``DE``), states' or provinces' (``US-CA``)."""

    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Says:
    """The text fits one of these RE2 patterns, in any case."""

    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HasWord:
    """The text holds one of these words or phrases, as whole words and in any case."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InLanguage:
    """The text is in one of these languages, by code; ``UNKNOWN`` among them: it cannot be told."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InCategory:
    """The assistant put the text into one of these, and is at least so sure (0 to 1); None: as ``min_confidence``."""

    names: tuple[str, ...]
    at_least: float | None = None


@dataclass(frozen=True, slots=True)
class During:
    """The business hours of the line are open (or closed). A line without any is always open."""

    opened: bool


@dataclass(frozen=True, slots=True)
class Labelled:
    """The conversation has one of these labels."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """The contact's name is known (or not); with ``pattern``: and fits it."""

    known: bool = True
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class InZone:
    """The contact is in one of these time zones: in the one a teammate gave, else in whichever their number allows."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfKind:
    """The contact's address is one of these kinds."""

    kinds: tuple[AddressKind, ...]


@dataclass(frozen=True, slots=True)
class Consents:
    """What is known of whether the contact wants texts is one of these."""

    statuses: tuple[ConsentStatus, ...]


@dataclass(frozen=True, slots=True)
class FirstTime:
    """Whether this is the contact's first conversation, on whichever line."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class AssignedTo:
    """The assignee is one of these teammates; ``nobody``: there is none; ``anybody``: there is one."""

    names: tuple[str, ...] = ()
    nobody: bool = False
    anybody: bool = False


@dataclass(frozen=True, slots=True)
class OfTeam:
    """The conversation is one of these teams'."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The contact waits for an answer at least so long."""

    at_least: timedelta


@dataclass(frozen=True, slots=True)
class WithMedia:
    """Whether the text brings files."""

    wanted: bool


Condition: TypeAlias = (
    All
    | AnyOf
    | NoneOf
    | OnLine
    | FromNumber
    | FromAreaCode
    | FromRegion
    | Says
    | HasWord
    | InLanguage
    | InCategory
    | During
    | Labelled
    | Named
    | InZone
    | OfKind
    | Consents
    | FirstTime
    | AssignedTo
    | OfTeam
    | Waiting
    | WithMedia
)
