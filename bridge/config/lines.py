"""Settings of lines: where they are shown, how they are answered, when they are still."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from bridge.config.calendar import DigestTime
from bridge.config.section import Section
from bridge.config.values import (
    Duration,
    Text,
    TimeOfDay,
    check_address,
    check_host,
    check_pattern,
)
from bridge.domain.consent import Scope
from bridge.domain.policy import ConsentPolicy
from bridge.ports.specs import unusable


class Room(Section):
    """A Slack channel or Matrix room on the platform of that name."""

    platform: Text
    room: Text


class ReopenWithin(Section):
    """After a close, a text within this time goes on in the old thread."""

    reopen_within: Annotated[Duration, Field(gt=timedelta(0))]


def _boundary_form(value: object) -> str:
    return "block" if isinstance(value, dict | ReopenWithin) else "word"


Boundary = Annotated[
    Annotated[Literal["same_thread", "new_after_close"], Tag("word")] | Annotated[ReopenWithin, Tag("block")],
    Discriminator(_boundary_form),
]


class QuietHours(Section):
    """The contact's night, in the contact's own zone. It may pass midnight.

    ``replies``: what becomes of a teammate's reply meanwhile, ``automatic``: of an automatic text, such as the answer
    to what the contact just wrote. ``override``: who may send a held text all the same.
    """

    start: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")
    replies: Literal["hold", "send"] = "send"
    automatic: Literal["hold", "send"] = "hold"
    override: Literal["members", "managers", "nobody"] = "members"

    @model_validator(mode="after")
    def _a_part_of_the_day(self) -> "QuietHours":
        if self.start == self.end:
            raise unusable("must not begin and end at the same time: nothing could ever be sent.")
        return self


class Consent(Section):
    """What counts as a refusal of texts, and how far one reaches.

    ``opt_out_words``, ``opt_in_words``: whole texts, besides those that carriers know. ``confirmation``: what a contact
    is texted who opted out, where the provider does not do so. ``opt_out_line``: below the first text of a
    conversation ``begun`` from our side, or the ``first`` of all. ``before_first_text``: to somebody who never wrote
    nor agreed; ``ask``: by ``request``.
    """

    scope: Scope = "everything"
    opt_out_words: tuple[Text, ...] = ()
    opt_in_words: tuple[Text, ...] = ()
    confirmation: Annotated[Text, Field(max_length=320)] = ConsentPolicy().confirmation
    opt_out_line: Annotated[Text, Field(max_length=160)] | None = None
    opt_out_line_on: Literal["begun", "first"] = "begun"
    before_first_text: Literal["send", "ask", "refuse"] = "send"
    request: Annotated[Text, Field(max_length=320)] = ConsentPolicy().request


class Guard(Section):
    """What is looked for in a reply before it leaves; each check can be switched off.

    ``words``: RE2 patterns, matched as whole words in any case. ``private_hosts``: names contacts cannot reach.
    """

    mentions: bool = True
    broadcast: bool = True
    secrets: bool = True
    code: bool = True
    hosts: bool = True
    placeholders: bool = True
    remarks: bool = True
    words: tuple[Annotated[Text, Field(max_length=500), AfterValidator(check_pattern)], ...] = ()
    private_hosts: tuple[Annotated[Text, AfterValidator(check_host)], ...] = ()


class Line(Section):
    """What contacts write to, and how the team answers there. ``undo``: zero switches the undo window off.

    ``ping``: whom a new text notifies: the assignee; with ``team``, its room while nobody is assigned. ``bump_after``:
    a text after so long a quiet is shown in the room as well; zero: never. ``thanks_reopens``: whether a bare "thanks"
    after a close takes the conversation up again. ``close_after``: an open conversation in which nobody waits is closed
    after so long a quiet; zero: never. ``personal``: a teammate, whose direct message is the line's room;
    ``rooms`` are then those to share with.
    """

    account: Text
    address: Annotated[Text, AfterValidator(check_address)]
    team: Text | None = None
    rooms: tuple[Room, ...] = ()
    personal: Text | None = None
    messaging_service: Text | None = None
    may_reply: Literal["room_members", "teammates"] = "room_members"
    reply_mode: Literal["reply", "confirm", "explicit"] = "reply"
    undo: Duration = timedelta(seconds=5)
    boundary: Boundary = ReopenWithin(reopen_within=timedelta(days=7))
    hours: Text | None = None
    sla: Text | None = None
    quiet_hours: QuietHours | None = None
    max_segments: int = Field(default=3, ge=1, le=10)
    first_responder_becomes_assignee: bool = True
    ping: Literal["assignee", "team", "nobody"] = "team"
    bump_after: Duration = timedelta(hours=12)
    stale_stop: bool = True
    thanks_reopens: bool = False
    guard: Guard = Guard()
    close_after: Duration = timedelta(0)
    digest: DigestTime | None = None
