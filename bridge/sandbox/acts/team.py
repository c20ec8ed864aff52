"""What teammates do in Slack."""

from typing import Annotated, Literal

from pydantic import Field

from bridge.sandbox.acts.base import Doing, Id, Json, Refused, Stage, Text, Uploads
from bridge.sandbox.slack.journal import Change
from bridge.sandbox.slack.transport import Answer

Ts = Annotated[str, Field(pattern=r"^[0-9]{1,12}\.[0-9]{6}$")]
UNANSWERED = "The app did not answer in time. Slack shows a warning sign."


def answered(answer: Answer) -> Json:
    """What the app answered. Raises Refused when it did not."""
    if not answer.acknowledged:
        raise Refused(UNANSWERED)
    return {"payload": answer.payload}


class Post(Doing):
    """A message as typed in the composer, with files."""

    act: Literal["slack.post"]
    user: Id
    channel: Id
    text: Text = ""
    thread_ts: Ts | None = None
    broadcast: bool = False
    files: Uploads = ()

    async def perform(self, stage: Stage) -> Json | None:
        """Post it; a slash command in a thread is refused with Slack's own sentence."""
        typed = self.text.strip()
        if typed.startswith("/") and not typed.startswith("//"):
            await self._command(stage, typed)
            return None
        if not typed and not self.files:
            raise Refused("There is nothing to send.")
        people = stage.slack.people
        files = [people.upload(self.user, file.name, file.decoded, file.content_type) for file in self.files]
        people.post(
            self.user,
            self.channel,
            self.text,
            thread_ts=self.thread_ts,
            broadcast=self.broadcast,
            files=files,
        )
        return None

    async def _command(self, stage: Stage, typed: str) -> None:
        command, _, text = typed.partition(" ")
        if self.thread_ts is not None:
            raise Refused(f"{command} is not supported in threads. Sorry!")
        await Slash(act="slack.slash", user=self.user, channel=self.channel, command=command, text=text).perform(stage)


class Edit(Doing):
    """Another wording of an own message."""

    act: Literal["slack.edit"]
    user: Id
    channel: Id
    ts: Ts
    text: Text

    async def perform(self, stage: Stage) -> Json | None:
        """Change it."""
        if not self.text.strip():
            raise Refused("A message cannot be empty. Delete it instead.")
        stage.slack.people.edit(self.user, self.channel, self.ts, self.text)
        return None


class Delete(Doing):
    """An own message taken away."""

    act: Literal["slack.delete"]
    user: Id
    channel: Id
    ts: Ts

    async def perform(self, stage: Stage) -> Json | None:
        """Delete it."""
        post = stage.slack.message(self.channel, self.ts)
        stage.slack.people.delete(self.user, self.channel, self.ts)
        stage.guide.withdrawn(post)
        return None


class React(Doing):
    """A reaction given or taken back."""

    act: Literal["slack.react"]
    user: Id
    channel: Id
    ts: Ts
    name: Id
    on: bool

    async def perform(self, stage: Stage) -> Json | None:
        """Give it or take it back."""
        people = stage.slack.people
        (people.react if self.on else people.unreact)(self.user, self.channel, self.ts, self.name)
        if self.on and self.name == "x":
            stage.guide.withdrawn(stage.slack.message(self.channel, self.ts))
        elif self.on:
            stage.guide.reacted(self.name)
        return None


class Click(Doing):
    """A button of a message; ``value`` and ``block_id`` tell buttons of the same action apart."""

    act: Literal["slack.click"]
    user: Id
    channel: Id
    ts: Ts
    action_id: Id
    block_id: Id | None = None
    value: str | None = None
    label: Text = ""

    async def perform(self, stage: Stage) -> Json | None:
        """Press it."""
        answer = await stage.slack.people.click(
            self.user, self.channel, self.ts, self.action_id, self.value, block_id=self.block_id
        )
        done = answered(answer)
        stage.guide.pressed(self.label)
        return done


class Select(Doing):
    """An entry chosen in a menu of a message."""

    act: Literal["slack.select"]
    user: Id
    channel: Id
    ts: Ts
    action_id: Id
    option: Text

    async def perform(self, stage: Stage) -> Json | None:
        """Choose it."""
        people = stage.slack.people
        done = answered(await people.select(self.user, self.channel, self.ts, self.action_id, self.option))
        stage.guide.chosen(self.action_id)
        return done


class Slash(Doing):
    """A slash command in a channel."""

    act: Literal["slack.slash"]
    user: Id
    channel: Id
    command: Annotated[str, Field(pattern=r"^/", max_length=80)]
    text: Text = ""

    async def perform(self, stage: Stage) -> Json | None:
        """Send it if the app has such a command."""
        if self.command not in {one.command for one in stage.features.commands}:
            raise Refused(
                f"{self.command} is not a valid command. In Slack, all messages that start with the “/” character "
                "are interpreted as commands."
            )
        answer = await stage.slack.people.slash(self.user, self.channel, self.command, self.text)
        if not answer.acknowledged:
            raise Refused(f"{self.command} failed because the app did not respond.")
        return None


class Shortcut(Doing):
    """An entry of *More actions* on a message."""

    act: Literal["slack.shortcut"]
    user: Id
    channel: Id
    ts: Ts
    callback_id: Id

    async def perform(self, stage: Stage) -> Json | None:
        """Call it."""
        if self.callback_id not in {one.callback_id for one in stage.features.shortcuts}:
            raise Refused("The app has no such shortcut.")
        return answered(await stage.slack.people.shortcut(self.user, self.callback_id, self.channel, self.ts))


class Dismiss(Doing):
    """A message only this person sees, put away."""

    act: Literal["slack.dismiss"]
    user: Id
    channel: Id
    ts: Ts

    async def perform(self, stage: Stage) -> Json | None:
        """Take it out of sight."""
        channel, user = stage.slack.channel(self.channel), stage.slack.user(self.user)
        channel.ephemeral[:] = [one for one in channel.ephemeral if (one.ts, one.user) != (self.ts, user.id)]
        stage.slack.feed.publish(Change("ephemeral_changed", channel.id, self.ts, user.id))
        return None


class Status(Doing):
    """What a teammate's profile says beside their name; nothing at all takes it away."""

    act: Literal["slack.status"]
    user: Id
    emoji: Annotated[str, Field(pattern=r"^(:[a-z0-9_+-]{1,80}:)?$")] = ""
    text: Annotated[str, Field(max_length=100)] = ""

    async def perform(self, stage: Stage) -> Json | None:
        """Set it, without an end."""
        stage.slack.people.change_user(self.user, status_emoji=self.emoji, status_text=self.text, status_expiration=0)
        return None
