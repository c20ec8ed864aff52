"""What a teammate wrote, free of any platform's markup: a tuple of spans."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

MentionKind: TypeAlias = Literal["person", "team", "room", "everyone"]


@dataclass(frozen=True, slots=True)
class Text:
    """Literal characters, line breaks included; styling is already gone."""

    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, user group, room, or everyone at once (``@here`` and its kin).

    ``id`` is the platform's own id (empty for ``everyone``); ``label`` is what to show, without ``@`` or ``#``: a
    name, or what it is (``teammate``) when the name is not known; never the id. ``outsider``: as of ``Person``.
    """

    kind: MentionKind
    id: str
    label: str
    outsider: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A web, mail or telephone address; ``label`` equals ``url`` when the writer gave none."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Emoji:
    """An emoji by its platform name; ``unicode`` is empty for a custom one."""

    name: str
    unicode: str


@dataclass(frozen=True, slots=True)
class Code:
    """Inline code, or a code block."""

    text: str
    block: bool


Span: TypeAlias = Text | Mention | Link | Emoji | Code
Content: TypeAlias = tuple[Span, ...]
