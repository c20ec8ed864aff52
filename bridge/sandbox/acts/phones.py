"""What people with a phone do."""

from typing import Annotated, Literal

from pydantic import Field

from bridge.sandbox.acts.base import Doing, Json, Phone, Refused, Stage, Text, Uploads

Manner = Literal["deliver", "unreachable", "slow", "silent"]
SLOW_SECONDS = 30.0
LONGEST_TEXT = 1600


class AddPhone(Doing):
    """A new handset. ``name`` is for the people at the page only; nothing sends it."""

    act: Literal["phone.add"]
    number: Phone
    name: Annotated[str, Field(max_length=80)] = ""

    async def perform(self, stage: Stage) -> Json | None:
        """Add the handset; a number that is there already, or is a line's, is refused."""
        if self.number in stage.twilio.phones:
            raise Refused("There is a phone with this number already.")
        if self.number in stage.twilio.numbers:
            raise Refused("This number belongs to the team.")
        stage.twilio.add_phone(self.number, name=self.name.strip())
        return {"number": self.number}


class SendText(Doing):
    """A text from a handset to a line, with pictures."""

    act: Literal["phone.text"]
    number: Phone
    line: Phone
    body: Text = ""
    files: Uploads = ()

    async def perform(self, stage: Stage) -> Json | None:
        """Send it off; what becomes of the webhook shows on the page."""
        if self.number not in stage.twilio.phones:
            raise Refused("There is no such phone.")
        if self.line not in stage.twilio.numbers:
            raise Refused("Nobody owns that line.")
        if not self.body.strip() and not self.files:
            raise Refused("There is nothing to send.")
        if len(self.body) > LONGEST_TEXT:
            raise Refused(f"A text holds {LONGEST_TEXT:,} characters at most; this one has {len(self.body):,}.")
        stage.twilio.spawn(self._send(stage))
        return None

    async def _send(self, stage: Stage) -> None:
        media = [(file.content_type, file.decoded) for file in self.files]
        await stage.twilio.text_in(self.number, self.line, self.body, media)


class Behave(Doing):
    """How a handset takes what is sent to it from now on."""

    act: Literal["phone.behave"]
    number: Phone
    behaviour: Manner

    async def perform(self, stage: Stage) -> Json | None:
        """Set it."""
        phone = stage.twilio.phone(self.number)
        phone.delay = SLOW_SECONDS
        stage.trouble.behave(self.number, self.behaviour)
        stage.twilio.journal.changed("phone", self.number)
        return None
