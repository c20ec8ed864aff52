"""The operator's rules as settings: what is asked when, what must hold, what is done.

The docstring of a model and the description of a field are the sentences of docs/rules.md.
"""

from datetime import timedelta
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from bridge.config.rule_conditions import Condition, RuleSection, form
from bridge.config.rule_values import Labels
from bridge.config.values import Duration, Text
from bridge.ports.specs import unusable as refuse

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


class TeamAssigned(RuleSection):
    """A team, and how one of its members is chosen."""

    @model_validator(mode="before")
    @classmethod
    def _team(cls, value: Any) -> Any:
        if isinstance(value, dict) and "person" in value:
            raise refuse("is a teammate's without a block.", "Write assign: ana.")
        return cast("Any", value)

    team: Text = Field(description="the team it becomes, with the thread in its rooms")
    by: Literal["round_robin", "random", "least_busy", "sticky"] | None = Field(
        default=None,
        description="also one of its members who is there: in turn, by chance, with the fewest open conversations, "
        "or who had the contact last (else in turn)",
    )


class ReplySent(RuleSection):
    """A text to the contact."""

    HOW = "Write {canned: hours} or {text: We call you back.}"

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

    HOW = "Write {platform: slack, room: C0000000001}."

    platform: Text = Field(description="its platform")
    room: Text = Field(description="its id there")


class Notified(RuleSection):
    """Who is called."""

    HOW = "Write {person: ana} or {team: support}."

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


def _one_owner(value: Any) -> Any:
    if isinstance(value, list):
        raise refuse("must be one teammate, or a team.", "Write assign: ana, or {team: sales, by: round_robin}.")
    return value


Assigned = Annotated[
    Annotated[Text, Tag("word")] | Annotated[TeamAssigned, Tag("block")],
    Discriminator(form),
    BeforeValidator(_one_owner),
]


class Action(RuleSection):
    """One thing that is done."""

    HOW = "Write {label: lead}, {close: true} or another action with its value."

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
    if isinstance(value, dict):
        raise refuse("stands in no list.", "Write a rule of its own, on: {no_reply: 30m}.")
    return value


_Event = Annotated[Happening, BeforeValidator(_timed)]
On = Annotated[
    Annotated[_Event, Tag("word")]
    | Annotated[tuple[_Event, ...], Field(min_length=1), Tag("list")]
    | Annotated[NoReply, Tag("block")],
    Discriminator(form),
]


class Rule(RuleSection):
    """One rule. Rules are asked in the order of the file."""

    HOW = "Write name:, on: and do: behind the dash."

    name: Annotated[Text, Field(max_length=80)] = Field(description="what it is called in threads and on record")
    on: On = Field(description="what happens: one event, a list of them, or `{no_reply: 30m}`")
    if_: Condition = Field(default=Condition(), alias="if", description="what must hold; left out: nothing")
    do: tuple[Action, ...] = Field(default=(), description="what is done, in order")
    stop: bool = Field(default=False, description="ask no rule after it")
