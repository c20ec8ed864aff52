"""What must hold for a rule to act, as settings.

The docstring of a model and the description of a field are the sentences of docs/rules.md.
"""

from typing import Annotated, Any, ClassVar, Literal, cast

from pydantic import Discriminator, Field, Tag, model_validator

from bridge.config.rule_values import (
    Addresses,
    AreaCodes,
    Keywords,
    Kinds,
    Labels,
    Languages,
    Names,
    Pattern,
    Patterns,
    Regions,
    Statuses,
    Zones,
)
from bridge.config.section import Section
from bridge.config.values import Duration, Text
from bridge.ports.specs import unusable as refuse

NOBODY, ANYBODY = "none", "any"


class RuleSection(Section):
    """A block inside a rule. ``HOW``: what to write, for who wrote something else than a block."""

    HOW: ClassVar[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _block(cls, value: Any) -> Any:
        if cls.HOW and not isinstance(value, dict | Section):
            raise refuse("must be a block of settings, each as key: value.", cls.HOW)
        return cast("Any", value)


class ContactIs(RuleSection):
    """What is known of the contact."""

    HOW = "Write {named: true}."

    named: bool | None = Field(default=None, description="whether the contact's name is known")
    name: Pattern | None = Field(default=None, description="an RE2 pattern that the name fits, in any case")
    zone: Zones | None = Field(
        default=None,
        description="their time zone is this, or one of these (`America/New_York`): the one given by `!zone`, else "
        "every one their number may be in",
    )
    kind: Kinds | None = Field(
        default=None, description="they write from a `number`, a `short_code` or `letters` (a sender that is a name)"
    )
    consent: Statuses | None = Field(
        default=None,
        description="`opted_out`, `doubted` (a text that may be a refusal is not decided on), `asked` (and has not "
        "answered), `given` (in so many words), or `unknown`; or one of several",
    )


class CategoryIs(RuleSection):
    """What the assistant says the text is about."""

    name: Names = Field(description="this category of the assistant's, or one of these; `none`: no category")
    at_least: Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None, description="how sure it is at least, from 0 to 1; left out: as its `min_confidence`"
    )


def form(value: object) -> str:
    """Return what a value is that may be written in several ways."""
    return "block" if isinstance(value, dict | Section) else "list" if isinstance(value, list | tuple) else "word"


Category = Annotated[
    Annotated[Text, Tag("word")]
    | Annotated[tuple[Text, ...], Field(min_length=1), Tag("list")]
    | Annotated[CategoryIs, Tag("block")],
    Discriminator(form),
]


class Condition(RuleSection):
    """What must hold; where several keys stand, all of them."""

    HOW = "Write {keyword: price}; of several, {all: [{…}, {…}]} or {any: [{…}, {…}]}."

    all_: tuple["Condition", ...] | None = Field(default=None, alias="all", description="every one of these holds")
    any_: tuple["Condition", ...] | None = Field(
        default=None, alias="any", min_length=1, description="at least one of these holds"
    )
    none_: tuple["Condition", ...] | None = Field(default=None, alias="none", description="none of these holds")
    line: Names | None = Field(default=None, description="the conversation is this line's")
    number: Addresses | None = Field(default=None, description="the contact's number is this, or one of these")
    area_code: AreaCodes | None = Field(
        default=None, description="the contact's number begins with these digits behind its country code"
    )
    region: Regions | None = Field(
        default=None,
        description="the contact's number is this country's (`DE`), state's or province's (`US-CA`, `CA-ON`), or "
        "one of these",
    )
    text: Patterns | None = Field(
        default=None, description="the text fits this RE2 pattern, or one of these, in any case"
    )
    keyword: Keywords | None = Field(
        default=None, description="the text holds this word or phrase, or one of these, as whole words in any case"
    )
    language: Languages | None = Field(
        default=None,
        description="the text is in this language, or one of these (see below); `unknown`: none can be told",
    )
    category: Category | None = Field(
        default=None,
        description="the [assistant](assistant.md) says the text is about this, or one of these (see below); "
        "with `on: categorized`",
    )
    hours: Literal["open", "closed"] | None = Field(
        default=None, description="the line's business hours are `open` or `closed`; a line without any is open"
    )
    label: Labels | None = Field(default=None, description="the conversation has this label, or one of these")
    contact: ContactIs | None = Field(default=None, description="what is known of the contact")
    first_time: bool | None = Field(
        default=None, description="whether it is the contact's first conversation, on any line"
    )
    assignee: Names | None = Field(
        default=None, description="it is this teammate's, or one of these; `none`: nobody's; `any`: somebody's"
    )
    team: Names | None = Field(default=None, description="it is this team's, or one of these")
    waiting: Duration | None = Field(
        default=None, description="the contact waits for an answer at least so long, by the clock"
    )
    media: bool | None = Field(default=None, description="whether the text brings files")
