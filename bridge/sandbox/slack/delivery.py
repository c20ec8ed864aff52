"""Events and interactions on their way to the app: who gets what, in time or again."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any, Literal

from bridge.sandbox.slack.http_mode import HttpMode
from bridge.sandbox.slack.journal import Json
from bridge.sandbox.slack.model import Channel
from bridge.sandbox.slack.sockets import AWAY, Sockets
from bridge.sandbox.slack.state import State
from bridge.sandbox.slack.transport import Answer, Envelope, EnvelopeKind, Transport

BOT_EVENTS = frozenset(
    [
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "channel_archive",
        "channel_deleted",
        "channel_id_changed",
        "channel_rename",
        "channel_unarchive",
        "group_archive",
        "group_deleted",
        "group_rename",
        "group_unarchive",
        "member_joined_channel",
        "member_left_channel",
        "message.channels",
        "message.groups",
        "message.im",
        "reaction_added",
        "reaction_removed",
        "subteam_members_changed",
        "subteam_updated",
        "tokens_revoked",
        "user_change",
    ]
)
"""What the app is subscribed to unless ``Delivery.subscriptions`` is changed."""

EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "user_change": "users:read",
}
MESSAGE_EVENTS = {"public": "message.channels", "private": "message.groups", "im": "message.im"}


@dataclass(slots=True)
class Disorder:
    """How untidily events travel. Chances are 0..1, ``shuffle`` and ``delay`` seconds of sandbox time.

    ``same_id`` sends the same event again, ``new_id`` again under another event_id, ``shuffle`` holds each back by a
    random time up to this, ``drop`` loses it for good.
    """

    same_id: float = 0.0
    new_id: float = 0.0
    shuffle: float = 0.0
    delay: float = 0.0
    drop: float = 0.0


class Delivery:
    """Hands events to the app by Socket Mode or HTTP and repeats those not acknowledged within three seconds."""

    def __init__(self, state: State, sockets: Sockets, http: HttpMode) -> None:
        """Deliver over ``sockets`` until ``mode`` says otherwise."""
        self._state = state
        self._transports: dict[str, Transport] = {"socket": sockets, "http": http}
        self.mode: Literal["socket", "http"] = "socket"
        self.subscriptions = set(BOT_EVENTS)
        self.disorder = Disorder()
        self.drop_when_away = False
        self.ack_seconds = 3.0
        self.retry_after = (0.0, 60.0, 300.0)
        self.lost: list[Json] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._resting = 0
        self._stirred = asyncio.Event()

    @property
    def pending(self) -> int:
        """Events neither acknowledged nor given up, those that wait for their retry included."""
        return len(self._tasks)

    async def settled(self) -> None:
        """Return when every attempt begun so far has ended; retries that are not due yet do not count."""
        while len(self._tasks) > self._resting:
            self._stirred.clear()
            await self._stirred.wait()

    async def close(self) -> None:
        """Give up everything that is on its way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def event(self, event: Json, channel: Channel | None = None) -> None:
        """Send an event if the app is subscribed to it, may read it and is a member of the channel."""
        if not self._wanted(event, channel):
            return
        payload = self._event_payload(event, channel)
        chance, disorder = self._state.random.random, self.disorder
        if disorder.drop and chance() < disorder.drop:
            self.lost.append(payload)
            return
        self._dispatch(payload)
        if disorder.same_id and chance() < disorder.same_id:
            self._dispatch(payload)
        if disorder.new_id and chance() < disorder.new_id:
            self._dispatch(payload | {"event_id": self._state.next_id("Ev")})

    async def ask(self, kind: EnvelopeKind, payload: Json) -> Answer:
        """Send an interaction once and return the app's answer; these are never repeated."""
        return await self._attempt(Envelope(self._state.secret(), kind, payload))

    def _wanted(self, event: Json, channel: Channel | None) -> bool:
        name = MESSAGE_EVENTS[channel.kind] if event["type"] == "message" and channel else event["type"]
        scope = EVENT_SCOPES.get(name)
        member = channel is None or self._state.bot_user_id in channel.members
        return member and name in self.subscriptions and (scope is None or scope in self._state.scopes)

    def _event_payload(self, event: Json, channel: Channel | None) -> Json:
        state = self._state
        return {
            "token": state.verification_token,
            "team_id": state.team_id,
            "context_team_id": state.team_id,
            "context_enterprise_id": None,
            "api_app_id": state.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": state.next_id("Ev"),
            "event_time": state.seconds(),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": state.team_id,
                    "user_id": state.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(channel and (channel.shared or _outsiders(state, channel))),
            "event_context": f"4-{state.next_id('ctx')}",
        }

    def _dispatch(self, payload: Json) -> None:
        disorder = self.disorder
        held = disorder.delay + (self._state.random.uniform(0, disorder.shuffle) if disorder.shuffle else 0.0)
        if held:
            self._spawn(self._later(payload, held))
            return
        first = Envelope(self._state.secret(), "events_api", payload)
        # Started here, not in the task: events leave in the order they happened.
        self._spawn(self._see_through(first, self._start(first)))

    async def _later(self, payload: Json, seconds: float) -> None:
        await self._rest(seconds)
        first = Envelope(self._state.secret(), "events_api", payload)
        await self._see_through(first, self._start(first))

    async def _see_through(self, envelope: Envelope, begun: asyncio.Future[Answer]) -> None:
        answer = await self._await(begun)
        for number, wait in enumerate(self.retry_after, start=1):
            if answer.acknowledged or answer.stop or (self.drop_when_away and answer.reason == AWAY):
                break
            await self._rest(wait)
            again = replace(envelope, id=self._state.secret(), attempt=number, reason=answer.reason)
            answer = await self._attempt(again)
        if not answer.acknowledged:
            self.lost.append(envelope.payload)

    async def _attempt(self, envelope: Envelope) -> Answer:
        return await self._await(self._start(envelope))

    async def _rest(self, seconds: float) -> None:
        if not seconds:
            return
        self._resting += 1
        self._stirred.set()
        try:
            await self._state.clock.sleep(seconds)
        finally:
            self._resting -= 1

    def _start(self, envelope: Envelope) -> asyncio.Future[Answer]:
        return self._transports[self.mode].start(envelope)

    async def _await(self, future: asyncio.Future[Answer]) -> Answer:
        late = self._transports[self.mode].late
        deadline = asyncio.ensure_future(self._state.clock.sleep(self.ack_seconds))
        try:
            await asyncio.wait({future, deadline}, return_when=asyncio.FIRST_COMPLETED)
            if future.done() and not future.cancelled():
                return future.result()
            return Answer(acknowledged=False, reason=late)
        finally:
            future.cancel()
            deadline.cancel()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._stirred.set()


def _outsiders(state: State, channel: Channel) -> bool:
    """A channel with members of another workspace is a shared one, whatever it was made as."""
    return any(state.users[member].team != state.team_id for member in channel.members if member in state.users)
