"""What a language model is asked, when the operator configured one, and what it answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Task: TypeAlias = Literal["category", "draft", "summary"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question. ``schema``: JSON schema that the answer must have, None: it is plain words."""

    system: str = field(repr=False)
    user: str = field(repr=False)
    schema: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAssistant:
    """Ask about a conversation. ``message``: the text it is about; ``person``: ``Person.key`` of who asks."""

    task: Task
    message: str | None = None
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistantAnswered:
    """The assistant answered, or could not. ``answer``: its words; ``problem``: why there are none, in plain words.

    ``message`` and ``person`` as in ``AskAssistant``.
    """

    external_id: str
    conversation: int
    task: Task
    message: str | None = None
    person: str = ""
    answer: str = field(default="", repr=False)
    problem: str = ""
    model: str = ""
    milliseconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistantPolicy:
    """What the operator lets it do. ``categories``: label by what it stands for; ``lines``: by name, empty: all.

    ``min_confidence``: from 0 to 1; a category it is less sure of is put on record only.
    """

    model: str
    categories: Mapping[str, str] = field(default_factory=dict[str, str])
    min_confidence: float = 0.7
    instructions: str = ""
    lines: tuple[str, ...] = ()
