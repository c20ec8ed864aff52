"""The operator's rules as settings: what is asked when, what must hold, what is done.

The docstring of a model and the description of a field are the sentences of docs/rules.md.
"""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from bridge.config.rule_values import (
    Addresses,
    AreaCodes,
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
    """A block inside a rule."""


Happening = Literal[
    "message_received",
    "conversation_opened",
    "conversation_closed",
    "conversation_reopened",
    "assigned",
    "labelled",
    "categorized",
    "delivery_failed",
]


class ContactIs(RuleSection):
    """What is known of the contact."""

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


def _form(value: object) -> str:
    return "block" if isinstance(value, dict | Section) else "list" if isinstance(value, list | tuple) else "word"


Category = Annotated[
    Annotated[Text, Tag("word")]
    | Annotated[tuple[Text, ...], Field(min_length=1), Tag("list")]
    | Annotated[CategoryIs, Tag("block")],
    Discriminator(_form),
]


class Condition(RuleSection):
    """What must hold; where several keys stand, all of them."""

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
    keyword: Names | None = Field(
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


class TeamAssigned(RuleSection):
    """A team, and how one of its members is chosen."""

    team: Text = Field(description="the team it becomes, with the thread in its rooms")
    by: Literal["round_robin", "random", "least_busy", "sticky"] | None = Field(
        default=None,
        description="also one of its members who is there: in turn, by chance, with the fewest open conversations, "
        "or who had the contact last (else in turn)",
    )


class ReplySent(RuleSection):
    """A text to the contact."""

    canned: Text | None = Field(default=None, description="a canned response of the configuration")
    text: Text | None = Field(default=None, description="words of its own, with the values of canned responses")
    again_after: Duration = Field(
        default=timedelta(hours=12),
        description="not to a contact whom this rule has texted less long ago; left out: 12h",
    )

    @model_validator(mode="after")
    def _one(self) -> "ReplySent":
        if (self.canned is None) is (self.text is None):
            raise refuse("needs canned or text, and not both.", "Write {canned: hours} or {text: We call you back.}")
        return self


class RoomNotified(RuleSection):
    """A room of a platform."""

    platform: Text = Field(description="its platform")
    room: Text = Field(description="its id there")


class Notified(RuleSection):
    """Who is called."""

    person: Text | None = Field(default=None, description="a teammate, in the conversation's thread")
    team: Text | None = Field(
        default=None, description="a team, in its rooms; everybody there if it has `room_mention`"
    )
    room: RoomNotified | None = Field(default=None, description="a room")
    text: Text | None = Field(default=None, description="what is said, with the values of canned responses")

    @model_validator(mode="after")
    def _one(self) -> "Notified":
        if [self.person, self.team, self.room].count(None) != 2:  # noqa: PLR2004 - all but one
            raise refuse("needs one of person, team and room.", "Write {person: ana}.")
        return self


Assigned = Annotated[
    Annotated[Text, Tag("word")] | Annotated[TeamAssigned, Tag("block")],
    Discriminator(_form),
]


class Action(RuleSection):
    """One thing that is done."""

    assign: Assigned | None = Field(default=None, description="make it a teammate's, or a team's (see below)")
    label: Labels | None = Field(default=None, description="add this label, or these; one behind a minus is taken away")
    reply: ReplySent | None = Field(default=None, description="text the contact (see below)")
    comment: Text | None = Field(default=None, description="keep a comment, with the values of canned responses")
    notify: Notified | None = Field(default=None, description="call somebody (see below)")
    snooze: Text | None = Field(
        default=None, description="until a time as `!snooze` takes it, `next_opening` or `until_reply`"
    )
    sla: Text | None = Field(default=None, description="keep the times of this SLA policy")
    webhook: Text | None = Field(default=None, description="tell a program, one of `webhooks` (see below)")
    close: Literal[True] | None = Field(default=None, description="close the conversation")

    @model_validator(mode="after")
    def _one(self) -> "Action":
        if len(self.model_fields_set) != 1:
            raise refuse("must be one action.", "Put each behind a dash of its own, or between its own { }.")
        return self


class NoReply(RuleSection):
    """Nobody has answered the contact for so long."""

    no_reply: Annotated[Duration, Field(gt=timedelta(0), description="so long nobody has answered, such as `30m`")]
    hours: Literal["open", "any"] = Field(
        default="open",
        description="`open`: only the business hours of the line, or of the team that has it, are counted, all hours "
        "where there are none; `any`: the clock counts, by night too; left out: `open`",
    )


def _timed(value: Any) -> Any:
    if value == "no_reply":
        raise refuse("needs its time.", "Write on: {no_reply: 30m}.")
    return value


On = Annotated[
    Annotated[Happening, BeforeValidator(_timed), Tag("word")]
    | Annotated[tuple[Happening, ...], Field(min_length=1), Tag("list")]
    | Annotated[NoReply, Tag("block")],
    Discriminator(_form),
]


class Rule(RuleSection):
    """One rule. Rules are asked in the order of the file."""

    name: Annotated[Text, Field(max_length=80)] = Field(description="what it is called in threads and on record")
    on: On = Field(description="what happens: one event, a list of them, or `{no_reply: 30m}`")
    if_: Condition = Field(default=Condition(), alias="if", description="what must hold; left out: nothing")
    do: tuple[Action, ...] = Field(default=(), description="what is done, in order")
    stop: bool = Field(default=False, description="ask no rule after it")
