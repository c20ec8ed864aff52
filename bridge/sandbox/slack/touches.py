"""What people do to what the app shows: click, choose, call shortcuts and commands, fill modals in."""

from typing import Any

from bridge.sandbox.slack.blocks import find_action
from bridge.sandbox.slack.errors import ActRefused
from bridge.sandbox.slack.interactions import Interactions
from bridge.sandbox.slack.journal import Json
from bridge.sandbox.slack.modals import apply_answer, fill, prefilled
from bridge.sandbox.slack.model import Channel, Ephemeral, Message, User, View
from bridge.sandbox.slack.responses import Responses
from bridge.sandbox.slack.shapes import message_shape, view_shape
from bridge.sandbox.slack.state import State
from bridge.sandbox.slack.transport import Answer


class Touches:
    """Interactive acts; each waits for the app's acknowledgement and returns it."""

    def __init__(self, state: State, interactions: Interactions, responses: Responses) -> None:
        """Act on ``state``."""
        self._state = state
        self._interactions = interactions
        self._responses = responses

    async def click(
        self, user: str, channel: str, ts: str, action_id: str, value: str | None = None, *, block_id: str | None = None
    ) -> Answer:
        """Click a button of a message (``value`` tells buttons with the same action_id apart)."""
        person, room, source = self._shown(user, channel, ts)
        block, element = _found(source.blocks, action_id, block_id)
        if value is not None and element.get("value") != value:
            block, element = _by_value(source.blocks, action_id, value)
        return await self._act(person, room, source, self._action(block, element, {}))

    async def select(self, user: str, channel: str, ts: str, action_id: str, option: str) -> Answer:
        """Choose in a menu of a message: an option's value, or a user's, channel's or date's text."""
        person, room, source = self._shown(user, channel, ts)
        block, element = _found(source.blocks, action_id, None)
        return await self._act(person, room, source, self._action(block, element, fill(element, option)))

    async def click_view(self, user: str, action_id: str, value: str | None = None) -> Answer:
        """Click or choose in the open modal, or in the home tab when none is open; ``value`` chooses."""
        person = self._state.user(user)
        view = self._top(person.id) or self._state.homes.get(person.id)
        if view is None:
            raise ActRefused("not_found")
        block, element = _found(view.body["blocks"], action_id, None)
        chosen = fill(element, value) if value is not None and element["type"] != "button" else {}
        if chosen:
            view.state.setdefault(block["block_id"], {})[action_id] = {"type": element["type"]} | chosen
        payload = self._interactions.base("block_actions", person) | {
            "container": {"type": "view", "view_id": view.id},
            "view": view_shape(self._state, view),
            "actions": [self._action(block, element, chosen)],
        }
        return await self._interactions.delivery.ask("interactive", payload)

    async def options(self, user: str, action_id: str, typed: str) -> list[Json]:
        """What an ``external_select`` of the open modal offers for the text typed so far."""
        person = self._state.user(user)
        view = self._top(person.id)
        if view is None:
            raise ActRefused("not_found")
        block, _ = _found(view.body["blocks"], action_id, None)
        payload = self._interactions.base("block_suggestion", person) | {
            "container": {"type": "view", "view_id": view.id},
            "view": view_shape(self._state, view),
            "action_id": action_id,
            "block_id": block["block_id"],
            "value": typed,
        }
        del payload["trigger_id"]
        answer = await self._interactions.delivery.ask("interactive", payload)
        return list((answer.payload or {}).get("options", []))

    async def shortcut(self, user: str, callback_id: str, channel: str | None = None, ts: str | None = None) -> Answer:
        """Call a message shortcut (with ``channel`` and ``ts``) or a global one."""
        person = self._state.user(user)
        moment = f"{self._state.clock.timestamp():.6f}"
        if channel is None or ts is None:
            payload = self._interactions.base("shortcut", person)
            payload |= {"callback_id": callback_id, "action_ts": moment}
            return await self._interactions.delivery.ask("interactive", payload)
        room, message = self._state.channel(channel), self._state.message(channel, ts)
        payload = self._interactions.base("message_action", person) | {
            "callback_id": callback_id,
            "action_ts": moment,
            "channel": self._interactions.channel_part(room),
            "message_ts": message.ts,
            "message": message_shape(self._state, message),
            "response_url": self._interactions.new_response_url(person.id, room.id),
        }
        return await self._interactions.delivery.ask("interactive", payload)

    async def slash(self, user: str, channel: str, command: str, text: str = "") -> Answer:
        """Type a slash command in a channel. Threads cannot be named: Slack's commands do not work there."""
        person, room = self._state.user(user), self._state.channel(channel)
        payload: Json = {
            "token": self._state.verification_token,
            "team_id": self._state.team_id,
            "team_domain": "pretend",
            "channel_id": room.id,
            "channel_name": self._interactions.channel_part(room)["name"],
            "user_id": person.id,
            "user_name": person.name,
            "command": "/" + command.removeprefix("/"),
            "text": text,
            "api_app_id": self._state.app_id,
            "is_enterprise_install": "false",
            "response_url": self._interactions.new_response_url(person.id, room.id),
            "trigger_id": self._interactions.new_trigger(person.id),
        }
        answer = await self._interactions.delivery.ask("slash_commands", payload)
        if answer.payload:
            self._responses.answer_command(person.id, room.id, answer.payload)
        return answer

    async def submit_view(self, user: str, values: Json) -> Answer:
        """Submit the open modal; ``values`` by block_id and action_id, or by action_id alone."""
        person = self._state.user(user)
        view = self._open_modal(person.id)
        view.state = prefilled(view, values)
        payload = self._interactions.base("view_submission", person)
        payload |= {"view": view_shape(self._state, view), "response_urls": []}
        answer = await self._interactions.delivery.ask("interactive", payload)
        if answer.acknowledged:
            apply_answer(self._interactions, view, answer.payload)
        return answer

    async def close_view(self, user: str) -> Answer:
        """Close the top modal; the app hears of it only with ``notify_on_close``."""
        person = self._state.user(user)
        view = self._open_modal(person.id)
        stack = self._state.modals[person.id]
        if view.body.get("clear_on_close"):
            stack.clear()
        else:
            stack.remove(view)
        self._interactions.closed(person.id)
        if not view.body.get("notify_on_close"):
            return Answer(acknowledged=True)
        payload = self._interactions.base("view_closed", person)
        payload |= {"view": view_shape(self._state, view), "is_cleared": not stack}
        del payload["trigger_id"]
        return await self._interactions.delivery.ask("interactive", payload)

    def open_home(self, user: str) -> None:
        """Open the app's home tab."""
        person = self._state.user(user)
        event: Json = {
            "type": "app_home_opened",
            "user": person.id,
            "channel": self._state.direct_channel(person.id).id,
            "tab": "home",
            "event_ts": f"{self._state.clock.timestamp():.6f}",
        }
        if view := self._state.homes.get(person.id):
            event["view"] = view_shape(self._state, view)
        self._interactions.delivery.event(event)

    async def _act(self, person: User, room: Channel, source: Message | Ephemeral, action: Json) -> Answer:
        hidden = isinstance(source, Ephemeral)
        container: Json = {"type": "message", "message_ts": source.ts, "channel_id": room.id, "is_ephemeral": hidden}
        if source.thread_ts:
            container["thread_ts"] = source.thread_ts
        payload: Json = self._interactions.base("block_actions", person) | {
            "container": container,
            "channel": self._interactions.channel_part(room),
            "state": {"values": dict[str, Json]()},
            "response_url": self._interactions.new_response_url(person.id, room.id, source),
            "actions": [action],
        }
        if isinstance(source, Message):
            payload["message"] = message_shape(self._state, source)
        return await self._interactions.delivery.ask("interactive", payload)

    def _action(self, block: Json, element: Json, chosen: Json) -> Json:
        kept = {key: element[key] for key in ("type", "action_id", "value", "text", "placeholder") if key in element}
        return kept | chosen | {"block_id": block["block_id"], "action_ts": f"{self._state.clock.timestamp():.6f}"}

    def _shown(self, user: str, channel: str, ts: str) -> tuple[User, Channel, Message | Ephemeral]:
        person, room = self._state.user(user), self._state.channel(channel)
        if person.id not in room.members:
            raise ActRefused("not_in_channel")
        mine = next((shown for shown in room.ephemeral if shown.ts == ts and shown.user == person.id), None)
        source = mine or room.messages.get(ts)
        if source is None:
            raise ActRefused("message_not_found")
        return person, room, source

    def _top(self, user: str) -> View | None:
        stack = self._state.modals.get(user)
        return stack[-1] if stack else None

    def _open_modal(self, user: str) -> View:
        view = self._top(user)
        if view is None:
            raise ActRefused("not_found")
        return view


def _found(blocks: list[Json] | None, action_id: str, block_id: str | None) -> tuple[Json, Json]:
    found = find_action(blocks or [], action_id, block_id)
    if found is None:
        raise ActRefused("action_not_found")
    return found


def _by_value(blocks: list[Json] | None, action_id: str, value: str) -> tuple[Json, Json]:
    for block in blocks or []:
        found: Any = find_action([block], action_id, None)
        if found and found[1].get("value") == value:
            return found
    raise ActRefused("action_not_found")
