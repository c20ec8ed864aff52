"""Buttons, message shortcuts and slash commands."""

from collections.abc import Sequence

from bridge.adapters.platforms.slack import home
from bridge.adapters.platforms.slack.identity import Json, items, mapping, text
from bridge.adapters.platforms.slack.mrkdwn import parse_command
from bridge.adapters.platforms.slack.reading import Reading, key, need
from bridge.adapters.platforms.slack.words import clean, command_text
from bridge.domain.events import ButtonPressed, ChatEvent, CommandGiven, FormSubmitted
from bridge.domain.people import Person

SHORTCUTS = ("canned", "assign", "keep", "again", "split")
"""``callback_id`` of our message shortcuts: the ``action`` of their ``ButtonPressed``, whose value is empty."""
PRIVATE = "#private"
"""Ends the handle of a button only one person sees: the answer then takes that message's place."""


def interaction(reading: Reading) -> Sequence[ChatEvent]:
    """A click on one of our messages, a shortcut on anyone's, or a form of ours filled in."""
    match text(reading.payload, "type"):
        case "block_actions":
            return _buttons(reading)
        case "message_action":
            return _shortcut(reading)
        case "view_submission":
            return _submitted(reading)
        case _:
            return ()


def _buttons(reading: Reading) -> Sequence[ChatEvent]:
    payload = reading.payload
    container, message = mapping(payload.get("container")), mapping(payload.get("message"))
    if text(container, "type") == "view":
        return home.pressed(reading, _person(reading))
    if text(container, "type") != "message":
        return ()
    room = reading.room(clean(text(container, "channel_id")) or need(mapping(payload.get("channel")), "id"))
    ts = need(container, "message_ts")
    thread = reading.root(room, container) or reading.root(room, message)
    handle = text(payload, "response_url")
    if handle and container.get("is_ephemeral") is True:
        handle += PRIVATE
    person = _person(reading)
    return [
        ButtonPressed(
            external_id=key("button", room, ts, person.id, need(action, "action_id"), text(action, "action_ts")),
            ref=reading.ref(room, ts),
            thread=thread,
            author=person,
            action=need(action, "action_id"),
            value=_value(action),
            handle=handle,
            chosen=_chosen(reading, action),
            trigger=text(payload, "trigger_id"),
            surface="button" if text(action, "type") == "button" else "menu",
        )
        for action in items(payload.get("actions"))
    ]


def _value(action: Json) -> str:
    return clean(text(action, "value") or text(mapping(action.get("selected_option")), "value"))


def _chosen(reading: Reading, action: Json) -> Person | None:
    person = clean(text(action, "selected_user"))
    return Person(reading.platform, person) if person else None


def _submitted(reading: Reading) -> Sequence[ChatEvent]:
    view = mapping(reading.payload.get("view"))
    entered = mapping(mapping(view.get("state")).get("values"))
    answers = [(name, answer) for block in entered.values() for name, answer in mapping(block).items()]
    values = [(name, _value(mapping(answer))) for name, answer in answers]
    people = [(name, _chosen(reading, mapping(answer))) for name, answer in answers]
    return (
        FormSubmitted(
            external_id=key("form", need(view, "id"), text(view, "hash")),
            platform=reading.platform,
            author=_person(reading),
            form=text(view, "callback_id"),
            context=clean(text(view, "private_metadata")),
            values=tuple((clean(name), value) for name, value in values if value),
            people=tuple((clean(name), person) for name, person in people if person is not None),
            trigger=text(reading.payload, "trigger_id"),
        ),
    )


def _shortcut(reading: Reading) -> Sequence[ChatEvent]:
    payload = reading.payload
    message, room = mapping(payload.get("message")), reading.room(need(mapping(payload.get("channel")), "id"))
    ts, action, person = need(message, "ts"), need(payload, "callback_id"), _person(reading)
    return (
        ButtonPressed(
            external_id=key("shortcut", room, ts, person.id, action, text(payload, "action_ts")),
            ref=reading.ref(room, ts),
            thread=reading.root(room, message),
            author=person,
            action=action,
            value="",
            handle=text(payload, "response_url"),
            trigger=text(payload, "trigger_id"),
            surface="shortcut",
        ),
    )


def _person(reading: Reading) -> Person:
    user = mapping(reading.payload.get("user"))
    return reading.author({"user": need(user, "id"), "team": text(user, "team_id")})


def command(reading: Reading) -> Sequence[ChatEvent]:
    """A slash command; it never carries a thread."""
    payload = reading.payload
    return (
        CommandGiven(
            external_id=key("command", need(payload, "trigger_id")),
            platform=reading.platform,
            room=reading.room(need(payload, "channel_id")),
            author=reading.author({"user": need(payload, "user_id"), "team": text(payload, "team_id")}),
            text=command_text(parse_command(text(payload, "text"))),
            handle=text(payload, "response_url"),
            trigger=text(payload, "trigger_id"),
        ),
    )
