"""What teammates do in modals and on the app's home tab."""

from typing import Any, Literal

from bridge.sandbox.acts.base import Doing, Id, Json, Stage, Text
from bridge.sandbox.acts.team import answered


class Submit(Doing):
    """The open modal sent off; ``values`` by block_id and action_id."""

    act: Literal["view.submit"]
    user: Id
    values: dict[str, dict[str, Any]]

    async def perform(self, stage: Stage) -> Json | None:
        """Submit it; ``payload`` of what is returned may name errors by block."""
        form = _form(stage, self.user)
        done = answered(await stage.slack.people.submit_view(self.user, self.values))
        stage.guide.chosen(form)
        return done


def _form(stage: Stage, user: str) -> str:
    """The name the app gave to the open modal."""
    stack = stage.slack.modals.get(stage.slack.user(user).id)
    return str(stack[-1].body.get("callback_id", "")) if stack else ""


class Close(Doing):
    """The open modal closed."""

    act: Literal["view.close"]
    user: Id

    async def perform(self, stage: Stage) -> Json | None:
        """Close it, whether or not the app wants to know."""
        await stage.slack.people.close_view(self.user)
        return None


class Press(Doing):
    """A button, or a menu's entry, of the open modal or the home tab."""

    act: Literal["view.press"]
    user: Id
    action_id: Id
    value: Text | None = None

    async def perform(self, stage: Stage) -> Json | None:
        """Press it."""
        return answered(await stage.slack.people.click_view(self.user, self.action_id, self.value))


class Suggest(Doing):
    """What a menu of the open modal offers for what has been typed so far."""

    act: Literal["view.suggest"]
    user: Id
    action_id: Id
    typed: Text = ""

    async def perform(self, stage: Stage) -> Json | None:
        """Ask the app."""
        return {"options": await stage.slack.people.options(self.user, self.action_id, self.typed)}


class OpenHome(Doing):
    """The app's home tab opened."""

    act: Literal["view.home"]
    user: Id

    async def perform(self, stage: Stage) -> Json | None:
        """Tell the app."""
        stage.slack.people.open_home(self.user)
        stage.guide.tick("home")
        return None
