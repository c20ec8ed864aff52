"""What a search field offers while somebody types: answered with the acknowledgement, and never stored."""

import asyncio

from bridge.adapters.platforms.slack.blocks import OPTIONS_LIMIT, option
from bridge.adapters.platforms.slack.directory import Directory
from bridge.adapters.platforms.slack.identity import Json, mapping, text
from bridge.adapters.platforms.slack.reading import Reading
from bridge.adapters.platforms.slack.words import clean
from bridge.observability import log
from bridge.ports.platform import Asked, Choices

PATIENCE = 1.5  # seconds; Slack waits three, of which asking who it is may take one
_VALUE_LIMIT = 75


def is_asked(payload: Json) -> bool:
    """Whether Slack asks for the options of a search field."""
    return text(payload, "type") == "block_suggestion"


async def answer(payload: Json, reading: Reading, directory: Directory, choices: Choices | None) -> Json:
    """The options, none when they cannot be had in time."""
    view, user = mapping(payload.get("view")), mapping(payload.get("user"))
    await directory.meet_people({text(user, "id")})
    asked = Asked(
        person=directory.placed(reading.author({"user": text(user, "id"), "team": text(user, "team_id")})),
        form=text(view, "callback_id"),
        context=clean(text(view, "private_metadata")),
        field=text(payload, "action_id"),
        typed=clean(text(payload, "value")),
    )
    if choices is None:
        return {"options": []}
    try:
        async with asyncio.timeout(PATIENCE):
            found = await choices(asked)
    except Exception as error:  # noqa: BLE001 - an empty list is better than a field that hangs
        log().warning("no choices for a search field", error=type(error).__name__)
        return {"options": []}
    fitting = [(value, label) for value, label in found if len(value) <= _VALUE_LIMIT]
    return {"options": [option(value, label) for value, label in fitting[:OPTIONS_LIMIT]]}
