"""Clicks, shortcuts, commands and modals: their payloads, their triggers and their response URLs."""

from dataclasses import dataclass

from bridge.sandbox.slack.delivery import Delivery
from bridge.sandbox.slack.errors import SlackError
from bridge.sandbox.slack.journal import Change, Json
from bridge.sandbox.slack.judge import Judge
from bridge.sandbox.slack.model import Channel, Ephemeral, Message, User, View
from bridge.sandbox.slack.shapes import view_shape
from bridge.sandbox.slack.state import State

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 1_800.0
RESPONSE_USES = 5


@dataclass(slots=True)
class Trigger:
    """Permission to open one modal for a user, soon."""

    user: str
    expires: float
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Permission to answer an interaction five times within half an hour."""

    user: str
    channel: str
    expires: float
    source: Message | Ephemeral | None
    uses: int = 0


class Interactions:
    """What an interaction hands to the app besides its own content."""

    def __init__(self, state: State, delivery: Delivery, judge: Judge) -> None:
        """Deliver payloads through ``delivery``."""
        self.state = state
        self.judge = judge
        self.delivery = delivery
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}

    def new_trigger(self, user: str) -> str:
        """A trigger_id, good for three seconds and one use."""
        key = f"{len(self.triggers) + 1}.{self.state.secret(10)}.{self.state.secret(32)}"
        self.triggers[key] = Trigger(user, self.state.clock.timestamp() + TRIGGER_SECONDS)
        return key

    def spend_trigger(self, key: str) -> str:
        """The user a trigger_id belongs to. Raises SlackError when it is unknown, spent or too old."""
        trigger = self.triggers.get(key)
        if trigger is None:
            raise SlackError("invalid_trigger_id", violation="trigger_id was never handed out")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.state.clock.timestamp() > trigger.expires:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def new_response_url(self, user: str, channel: str, source: Message | Ephemeral | None = None) -> str:
        """An address that takes five answers within half an hour."""
        key = self.state.secret(24)
        expires = self.state.clock.timestamp() + RESPONSE_SECONDS
        self.response_urls[key] = ResponseUrl(user, channel, expires, source)
        return f"{self.state.base_url}/actions/{self.state.team_id}/{key}"

    def base(self, kind: str, user: User) -> Json:
        """What every interactive payload has."""
        return {
            "type": kind,
            "token": self.state.verification_token,
            "api_app_id": self.state.app_id,
            "team": {"id": self.state.team_id, "domain": "pretend"},
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team},
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self.new_trigger(user.id),
        }

    def channel_part(self, channel: Channel) -> Json:
        """How payloads name a channel."""
        names = {"public": channel.name, "private": "privategroup", "im": "directmessage"}
        return {"id": channel.id, "name": names[channel.kind]}

    def new_view(self, user: str, body: Json, stack: list[View]) -> View:
        """A view object for a body the app sent, on top of ``stack``."""
        view_id = self.state.next_id("V")
        return View(
            id=view_id,
            user=user,
            type=body["type"],
            body=body,
            hash=self.new_hash(),
            root_id=stack[0].id if stack else view_id,
            previous_id=stack[-1].id if stack else None,
        )

    def new_hash(self) -> str:
        """A view's next version mark."""
        return f"{self.state.seconds()}.{self.state.secret(8)}"

    def put(self, view: View) -> None:
        """Put a view on top of its user's modals, or make it the home tab."""
        if view.type == "home":
            self.state.homes[view.user] = view
        else:
            self.state.modals.setdefault(view.user, []).append(view)
        self.shown(view)

    def shown(self, view: View) -> None:
        """Tell watchers that a view is there or has changed."""
        kind = "home" if view.type == "home" else "view"
        self.state.feed.publish(Change(kind, user=view.user, data=view_shape(self.state, view)))

    def closed(self, user: str) -> None:
        """Tell watchers that a user's modals changed by closing one."""
        stack = self.state.modals.get(user, [])
        self.state.feed.publish(
            Change("view", user=user, data=view_shape(self.state, stack[-1]) if stack else {"closed": True})
        )
